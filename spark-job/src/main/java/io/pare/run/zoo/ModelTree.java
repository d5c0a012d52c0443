package io.pare.run.zoo;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.pare.InputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A list of models as YAML or JSON: a list of mappings, or a mapping of {@code models} to that list
 * and of {@code defaults} to keys that hold for each model which does not set them. The manifest of
 * an ONNX hub is known by its {@code model_path}. A key that is given twice is an error.
 */
final class ModelTree {
  private static final String DEFAULTS = "defaults";
  private static final String MODELS = "models";
  private static final String NAME = "name";
  private static final String HUB_PATH = "model_path";

  private final String path;

  ModelTree(String path) {
    this.path = path;
  }

  /**
   * An entry for each model that is one.
   *
   * @param problems takes what is wrong with the others
   */
  List<ZooEntry> entries(byte[] bytes, List<String> problems) {
    JsonNode root = read(bytes);
    JsonNode models = root.isObject() ? root.path(MODELS) : root;
    if (!models.isArray()) {
      throw InputException.usage(
          path + " is no list of models: neither a list nor a mapping with the key " + MODELS);
    }
    Map<String, String> defaults = defaults(root);
    List<ZooEntry> entries = new ArrayList<>();
    int number = 0;
    for (JsonNode model : models) {
      number++;
      try {
        entries.add(entry(path + " model " + number, model).over(defaults));
      } catch (InputException e) {
        problems.add(e.getMessage());
      }
    }
    return entries;
  }

  private static ZooEntry entry(String place, JsonNode model) {
    if (!model.isObject()) {
      throw InputException.usage(place + ": not a mapping of keys to values");
    }
    return model.has(HUB_PATH) ? ofHub(place, model) : named(place, texts(place, model));
  }

  private JsonNode read(byte[] bytes) {
    ObjectMapper mapper =
        path.endsWith(".json") ? new ObjectMapper() : new ObjectMapper(new YAMLFactory());
    mapper.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    mapper.enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
    try {
      return mapper.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw InputException.usage(
          "%s line %d cannot be read: %s"
              .formatted(
                  path,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("")));
    } catch (IOException e) {
      throw InputException.usage(path + " cannot be read: " + e.getMessage());
    }
  }

  private Map<String, String> defaults(JsonNode root) {
    if (!root.isObject()) {
      return Map.of();
    }
    root.fieldNames()
        .forEachRemaining(
            key -> {
              if (!key.equals(DEFAULTS) && !key.equals(MODELS)) {
                throw InputException.usage(
                    "%s: unknown key %s beside %s: keys for all models go below %s"
                        .formatted(path, key, MODELS, DEFAULTS));
              }
            });
    return root.path(DEFAULTS).isObject()
        ? texts(path + " " + DEFAULTS, root.get(DEFAULTS))
        : Map.of();
  }

  private static ZooEntry named(String place, Map<String, String> keys) {
    return named(place, keys, Optional.empty());
  }

  /** An entry whose keys may hold a name, which is none of the configuration. */
  static ZooEntry named(String place, Map<String, String> keys, Optional<String> sha256) {
    Map<String, String> rest = new LinkedHashMap<>(keys);
    Optional<String> name = Optional.ofNullable(rest.remove(NAME));
    String model = rest.get(ZooEntry.MODEL);
    if (model == null) {
      throw InputException.usage(place + ": the key model is missing");
    }
    return new ZooEntry(place, name.orElse(ZooEntry.baseName(model)), rest, sha256);
  }

  /** The hub's paths are below the folder of its manifest. */
  private static ZooEntry ofHub(String place, JsonNode model) {
    String file = text(place, HUB_PATH, model.get(HUB_PATH));
    String sha256 = model.path("metadata").path("model_sha").asText("");
    return named(
        place,
        Map.of(ZooEntry.MODEL, file),
        Optional.of(sha256.toLowerCase(Locale.ROOT)).filter(hash -> !hash.isEmpty()));
  }

  private static Map<String, String> texts(String place, JsonNode mapping) {
    Map<String, String> texts = new LinkedHashMap<>();
    mapping
        .properties()
        .forEach(entry -> texts.put(entry.getKey(), text(place, entry.getKey(), entry.getValue())));
    return texts;
  }

  /** A value as a configuration file would have it: yes and no, commas between parts. */
  private static String text(String place, String key, JsonNode value) {
    if (value.isBoolean()) {
      return value.asBoolean() ? "yes" : "no";
    }
    if (value.isArray()) {
      return StreamSupport.stream(value.spliterator(), false)
          .map(part -> text(place, key, part))
          .collect(Collectors.joining(","));
    }
    if (value.isObject()) {
      throw InputException.usage(place + ": " + key + " is a mapping, where a value belongs");
    }
    return value.isNull() ? "" : value.asText();
  }
}
