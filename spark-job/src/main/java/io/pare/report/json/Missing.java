package io.pare.report.json;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a record does about components that the JSON it is read from does not have. */
public final class Missing {
  private Missing() {}

  /** A list that an older version did not know is empty. */
  public static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  /** A map that an older version did not know is empty. */
  public static <T> Map<String, T> orEmpty(Map<String, T> map) {
    return map == null ? Map.of() : map;
  }

  /** A figure that is no number is not there: JSON has no number for it. */
  public static Optional<Double> unlessFinite(Optional<Double> figure) {
    return figure.filter(Double::isFinite);
  }

  /**
   * Refuses a record without its texts or other parts.
   *
   * @throws IllegalArgumentException if one is missing
   */
  public static void refuse(Object... parts) {
    for (int k = 0; k < parts.length; k++) {
      if (parts[k] == null) {
        throw new IllegalArgumentException("text or part %d is missing".formatted(k + 1));
      }
    }
  }
}
