package io.pare.report;

import java.util.List;

/** Lists of records that are read from JSON, where what an older version did not know is absent. */
final class Lists {
  private Lists() {}

  static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }
}
