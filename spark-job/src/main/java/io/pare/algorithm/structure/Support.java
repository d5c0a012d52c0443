package io.pare.algorithm.structure;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The structured sparse component A of one layer group, without the numbers: which groups of
 * weights it keeps (algorithm.md section 1).
 *
 * @param kind what a group of weights is
 * @param indices kept groups, ascending
 */
@SuppressWarnings("ArrayRecordComponent")
public record Support(Kind kind, int[] indices) implements Serializable {

  /** What a group of weights is. */
  public enum Kind {
    /** The weights that read one input channel: kh kw columns of A. */
    INPUTS,
    /** The weights of one output: a row of A. */
    FILTERS
  }

  /** No structured sparse component. */
  public static final Support NONE = new Support(Kind.INPUTS, new int[0]);

  public Support {
    for (int k = 0; k < indices.length; k++) {
      if (indices[k] < 0 || (k > 0 && indices[k] <= indices[k - 1])) {
        throw new IllegalArgumentException("a support is ascending: " + Arrays.toString(indices));
      }
    }
  }

  /** Every output of a layer: nothing is left for another component to do. */
  public static Support allFilters(LayerShape shape) {
    return new Support(Kind.FILTERS, IntStream.range(0, shape.outputs()).toArray());
  }

  /**
   * What is left without some filters, numbered anew.
   *
   * @param removed filters, ascending
   */
  Support without(int[] removed) {
    return new Support(
        kind,
        Arrays.stream(indices)
            .filter(k -> Arrays.binarySearch(removed, k) < 0)
            .map(k -> k - (int) Arrays.stream(removed).filter(r -> r < k).count())
            .toArray());
  }

  /** Number of groups kept. */
  public int size() {
    return indices.length;
  }

  /** Whether nothing is kept. */
  public boolean isEmpty() {
    return indices.length == 0;
  }

  /** Whether filters are kept, at least one. */
  public boolean hasFilters() {
    return kind == Kind.FILTERS && !isEmpty();
  }

  /** Whether inputs are kept, at least one. */
  public boolean hasInputs() {
    return kind == Kind.INPUTS && !isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Support that
        && kind == that.kind
        && Arrays.equals(indices, that.indices);
  }

  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + Arrays.hashCode(indices);
  }

  @Override
  public String toString() {
    return kind + Arrays.toString(indices);
  }
}
