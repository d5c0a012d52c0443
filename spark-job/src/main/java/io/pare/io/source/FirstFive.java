package io.pare.io.source;

import java.util.ArrayList;
import java.util.List;

/** Counts the offenders of a check and keeps the first five for its message. */
final class FirstFive {
  private static final int KEPT = 5;
  private final List<String> first = new ArrayList<>();
  private long count;

  void add(String offender) {
    count++;
    if (first.size() < KEPT) {
      first.add(offender);
    }
  }

  long count() {
    return count;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** "a, b" or "a, b, c, d, e and 7 more". */
  @Override
  public String toString() {
    String names = String.join(", ", first);
    return count > KEPT ? names + " and " + (count - KEPT) + " more" : names;
  }
}
