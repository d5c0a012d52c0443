package io.pare.algorithm.dense;

/**
 * A range cut into parts of a fixed size. The size follows from the shape of a product alone, so
 * that the parts can be computed by any number of threads and their bits stay the same.
 *
 * @param length of the range
 * @param size of each part but the last, at least 1
 */
record Tiles(int length, int size) {
  /** Operations of a part that take some milliseconds, next to which a thread costs nothing. */
  private static final double LEAST_OPERATIONS = 1 << 28;

  private static final int MOST = 16;
  private static final int MULTIPLE = 16;

  /** What is done with one part. */
  interface Work {
    void on(int first, int count);
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
  void forEach(Work work) {
    IdleCores.forEach(count(), tile -> work.on(first(tile), sizeOf(tile)));
  }
}
