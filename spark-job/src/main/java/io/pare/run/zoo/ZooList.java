package io.pare.run.zoo;

import io.pare.InputException;
import io.pare.io.HadoopFiles;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The models of a zoo under names that can be folders.
 *
 * @param entries at least one, each with a name of its own, in the order of the list
 */
public record ZooList(List<ZooEntry> entries) {
  private static final int LARGEST = 64 << 20;
  private static final String GLOB_CHARACTERS = "*?[{";

  /** Makes the names safe. */
  public ZooList {
    entries = SafeNames.of(entries);
  }

  /**
   * Reads a zoo.
   *
   * @param text Hadoop path of a list in YAML, JSON (an ONNX_HUB_MANIFEST.json among them) or CSV,
   *     of one ONNX file, or a glob of such files
   * @throws InputException if there is no such file, it is no such list or lists nothing, or two
   *     models have one name
   */
  public static ZooList read(String text, HadoopFiles files) {
    if (text.endsWith(".onnx") || text.chars().anyMatch(c -> GLOB_CHARACTERS.indexOf(c) >= 0)) {
      return new ZooList(FileGlob.entries(text, files.glob(text)));
    }
    List<ZooEntry> entries = parse(text, files.readAll(text, LARGEST));
    if (entries.isEmpty()) {
      throw InputException.usage(text + " lists no model");
    }
    return new ZooList(entries);
  }

  static List<ZooEntry> parse(String path, byte[] bytes) {
    String kind = path.substring(path.lastIndexOf('.') + 1);
    return switch (kind) {
      case "yaml", "yml", "json" -> new ModelTree(path).entries(bytes);
      case "csv" -> ModelTable.entries(path, new String(bytes, StandardCharsets.UTF_8));
      default ->
          throw InputException.usage(
              path + " is no list of models: it must end in .yaml, .yml, .json or .csv");
    };
  }
}
