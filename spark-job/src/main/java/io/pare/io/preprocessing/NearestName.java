package io.pare.io.preprocessing;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The known name that a misspelt one was probably meant to be. */
public final class NearestName {
  private NearestName() {}

  /**
   * The name with the fewest edits between it and the misspelt one; the first one of several.
   *
   * @param known at least one
   */
  public static String of(String name, Collection<String> known) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance.apply(name, candidate)))
        .orElseThrow(() -> new IllegalArgumentException("no name is known"));
  }
}
