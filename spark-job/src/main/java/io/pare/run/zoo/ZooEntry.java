package io.pare.run.zoo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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

  /** The last part of a path without what follows its last dot. */
  static String baseName(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }
}
