package io.pare.run.zoo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One model of a zoo.
 *
 * @param place where it is listed, for messages
 * @param name as listed, or made from the path of the model
 * @param keys of the configuration that it sets, the model among them
 * @param sha256 that the file must have, in lower-case hexadecimal, where the list says it
 */
public record ZooEntry(
    String place, String name, Map<String, String> keys, Optional<String> sha256) {
  static final String MODEL = "model";

  private static final Set<String> PATHS =
      Set.of(MODEL, "images", "validation", "labels", "synsets");
  private static final String CONFIG = "config:";
  private static final Pattern ABSOLUTE = Pattern.compile("^(/|[A-Za-z][A-Za-z0-9+.-]*:/)");

  /** Copies the keys. */
  public ZooEntry {
    keys = Map.copyOf(keys);
  }

  static ZooEntry ofFile(String place, String name, String model) {
    return new ZooEntry(place, name, Map.of(MODEL, model), Optional.empty());
  }

  /** The same with keys that hold where it sets none itself. */
  ZooEntry over(Map<String, String> defaults) {
    Map<String, String> all = new LinkedHashMap<>(defaults);
    all.putAll(keys);
    return new ZooEntry(place, name, all, sha256);
  }

  /** The same, its relative paths below a folder: empty, or with a slash at its end. */
  ZooEntry below(String folder) {
    Map<String, String> all = new LinkedHashMap<>(keys);
    all.replaceAll((key, value) -> PATHS.contains(key) ? below(folder, value) : value);
    all.computeIfPresent(
        "preprocessing",
        (key, value) ->
            value.startsWith(CONFIG)
                ? CONFIG + below(folder, value.substring(CONFIG.length()))
                : value);
    return new ZooEntry(place, name, all, sha256);
  }

  private static String below(String folder, String path) {
    return path.isEmpty() || ABSOLUTE.matcher(path).find() ? path : folder + path;
  }

  /** The last part of a path without what follows its last dot. */
  static String baseName(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }
}
