package io.pare.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Enumeration constants as configuration and tables name them. Stateless. */
public final class Constants {
  private static final String ALL = "all";

  private Constants() {}

  /**
   * The constant of a name.
   *
   * @throws IllegalArgumentException with all names if it is none
   */
  static <E extends Enum<E>> E oneOf(E[] values, String name) {
    return Arrays.stream(values)
        .filter(value -> name(value).equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("must be one of " + names(values)));
  }

  /** Some of the constants by name, or all of them; none where the text is empty. */
  static <E extends Enum<E>> List<E> someOf(E[] values, String text) {
    if (text.equals(ALL)) {
      return List.of(values);
    }
    return Settings.split(text).stream().map(part -> oneOf(values, part)).distinct().toList();
  }

  /** The names of some constants, or that of all of them. */
  static <E extends Enum<E>> String joined(List<E> chosen, E[] values) {
    return chosen.size() == values.length
        ? ALL
        : chosen.stream().map(Constants::name).collect(Collectors.joining(","));
  }

  /** The names of constants, to list them in a message. */
  static String names(Enum<?>[] values) {
    return Arrays.stream(values).map(Constants::name).collect(Collectors.joining(", "));
  }

  /** The name of a constant as configuration and tables have it. */
  public static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
