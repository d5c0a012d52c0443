package io.pare.run.zoo;

import io.pare.InputException;
import io.pare.io.HadoopFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The models of a zoo under names that can be folders.
 *
 * @param entries each with a name of its own, in the order of the list
 * @param problems of other entries, which have no part in it
 */
public record ZooList(List<ZooEntry> entries, List<String> problems) {
  private static final int LARGEST = 64 << 20;
  private static final String GLOB_CHARACTERS = "*?[{";

  /** Copies both. */
  public ZooList {
    entries = List.copyOf(entries);
    problems = List.copyOf(problems);
  }

  /**
   * Reads a zoo.
   *
   * @param text Hadoop path of a list in YAML, JSON (an ONNX_HUB_MANIFEST.json among them) or CSV,
   *     whose relative paths are below its folder; or of one ONNX file, or a glob of such files
   * @throws InputException if there is no such file, it is no such list or lists nothing
   */
  public static ZooList read(String text, HadoopFiles files) {
    if (text.endsWith(".onnx") || text.chars().anyMatch(c -> GLOB_CHARACTERS.indexOf(c) >= 0)) {
      return named(FileGlob.entries(text, files.glob(text)), new ArrayList<>());
    }
    ZooList list = parse(text, files.readAll(text, LARGEST));
    if (list.entries().isEmpty() && list.problems().isEmpty()) {
      throw InputException.usage(text + " lists no model");
    }
    return list;
  }

  static ZooList parse(String path, byte[] bytes) {
    String kind = path.substring(path.lastIndexOf('.') + 1);
    List<String> problems = new ArrayList<>();
    List<ZooEntry> entries =
        switch (kind) {
          case "yaml", "yml", "json" -> new ModelTree(path).entries(bytes, problems);
          case "csv" ->
              ModelTable.entries(path, new String(bytes, StandardCharsets.UTF_8), problems);
          default ->
              throw InputException.usage(
                  path + " is no list of models: it must end in .yaml, .yml, .json or .csv");
        };
    String folder = path.substring(0, path.lastIndexOf('/') + 1);
    return named(entries.stream().map(entry -> entry.below(folder)).toList(), problems);
  }

  private static ZooList named(List<ZooEntry> entries, List<String> problems) {
    return new ZooList(SafeNames.of(entries, problems), problems);
  }
}
