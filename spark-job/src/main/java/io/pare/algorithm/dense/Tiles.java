package io.pare.algorithm.dense;

/**
 * A range cut into parts of a fixed size. The size follows from the shape of what is computed
 * alone, so that the parts can be computed by any number of threads and their bits stay the same.
 *
 * @param length of the range
 * @param size of each part but the last, at least 1
 */
public record Tiles(int length, int size) {
  /** Operations of a part that take some milliseconds, next to which a thread costs nothing. */
  private static final double LEAST_OPERATIONS = 1 << 28;

  private static final int MOST = 16;
  private static final int MULTIPLE = 16;

  /** Operations of a product in the time that a loop takes for one value. */
  private static final double OPERATIONS_OF_A_VALUE = 512;

  /** What is done with one part; parts must not depend on each other. */
  public interface Work {
    /** Works on so many, from a first one on. */
    void on(int first, int count);
  }

  /** Sums over one part. */
  public interface Sums {
    /** The sums over so many, from a first one on: as many as of every other part. */
    double[] of(int first, int count);
  }

  /** Parts of a loop over samples, one a row, that reads or writes each value once. */
  public static Tiles ofRows(int rows, int columns) {
    return of(rows, OPERATIONS_OF_A_VALUE * rows * columns);
  }

  /**
   * Parts of a product.
   *
   * @param operations of the whole product
   */
  static Tiles of(int length, double operations) {
    return in(length, (int) Math.min(MOST, operations / LEAST_OPERATIONS));
  }

  /** Parts of a range of which each meets each: half as many pairs as their square, and more. */
  static Tiles ofPairs(int length, double operations) {
    return in(length, (int) Math.sqrt(Math.min(4 * MOST, operations / LEAST_OPERATIONS)));
  }

  private static Tiles in(int length, int parts) {
    int size = (length + Math.max(1, parts) - 1) / Math.max(1, parts);
    return new Tiles(length, Math.max(MULTIPLE, (size + MULTIPLE - 1) / MULTIPLE * MULTIPLE));
  }

  int count() {
    return (length + size - 1) / size;
  }

  int first(int tile) {
    return tile * size;
  }

  int sizeOf(int tile) {
    return Math.min(size, length - first(tile));
  }

  /** Does the work on every part, with the help of idle cores. */
  public void forEach(Work work) {
    IdleCores.forEach(count(), tile -> work.on(first(tile), sizeOf(tile)));
  }

  /** Adds the sums of all parts, in their order, to what is there already. */
  public void add(double[] target, Sums sums) {
    double[][] parts = new double[count()][];
    IdleCores.forEach(parts.length, tile -> parts[tile] = sums.of(first(tile), sizeOf(tile)));
    for (double[] part : parts) {
      for (int k = 0; k < target.length; k++) {
        target[k] += part[k];
      }
    }
  }
}
