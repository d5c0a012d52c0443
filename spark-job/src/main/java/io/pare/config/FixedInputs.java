package io.pare.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The values of a network's inputs that take no images.
 *
 * @param values by input, in row-major order; one value serves all elements
 */
public record FixedInputs(Map<String, List<Double>> values) {
  /** A network that takes images and nothing else. */
  public static final FixedInputs NONE = new FixedInputs(Map.of());

  private static final String FORM =
      "each part must be NAME=VALUE:VALUE with finite numbers, such as scale_factor=1:1";

  public FixedInputs {
    Map<String, List<Double>> copy = new LinkedHashMap<>();
    values.forEach((name, its) -> copy.put(name, List.copyOf(its)));
    values = copy;
  }

  /** Reads {@code NAME=VALUE:VALUE,NAME=VALUE}. */
  static FixedInputs parse(String text) {
    Map<String, List<Double>> values = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.lastIndexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(FORM);
      }
      List<Double> its = new ArrayList<>();
      for (String value : part.substring(equals + 1).split(":", -1)) {
        its.add(number(value));
      }
      if (values.put(part.substring(0, equals).strip(), its) != null) {
        throw new IllegalArgumentException("no input can have two values");
      }
    }
    return new FixedInputs(values);
  }

  private static double number(String text) {
    try {
      double value = Double.parseDouble(text.strip());
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(FORM, e);
    }
    throw new IllegalArgumentException(FORM);
  }

  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(
            input ->
                input.getKey()
                    + "="
                    + input.getValue().stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(":")))
        .collect(Collectors.joining(","));
  }
}
