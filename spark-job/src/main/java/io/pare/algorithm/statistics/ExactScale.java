package io.pare.algorithm.statistics;

/**
 * Rounds the values of a vector to a common power of two, so that products of two such vectors add
 * up without any rounding: in any order, blocking or BLAS, with or without fused operations, a sum
 * has the same bits (algorithm.md section 7). Immutable, thread-safe.
 *
 * <p>With t bits to the largest magnitude a product has 2 t, and a sum of N products 2 t + log2 N:
 * at most the 53 of a double.
 *
 * @param up power of two that turns values into integers of t bits
 * @param down its inverse
 */
public record ExactScale(double up, double down) {
  private static final int MOST_BITS = 18;
  private static final int DOUBLE_BITS = 53;

  /** Exponents outside of these are those of values that no layer has. */
  private static final int MOST_EXPONENT = 400;

  /**
   * The scale of a vector.
   *
   * @param largest magnitude among its values, finite
   * @param terms of the longest sum of products, at least 1
   */
  public static ExactScale of(double largest, long terms) {
    if (!Double.isFinite(largest)) {
      throw new ArithmeticException("a value of " + largest + " has no exact scale");
    }
    int exponent = largest == 0 ? 0 : Math.max(-MOST_EXPONENT, Math.getExponent(largest) + 1);
    int bits = bits(terms);
    return new ExactScale(Math.scalb(1.0, bits - exponent), Math.scalb(1.0, exponent - bits));
  }

  /** Bits of a value, 18 for up to 131,072 terms. */
  static int bits(long terms) {
    int ofCount = Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, terms) - 1);
    return Math.min(MOST_BITS, (DOUBLE_BITS - ofCount) / 2);
  }

  /** The nearest multiple of the scale; exact in single precision too. */
  public double round(double value) {
    return Math.rint(value * up) * down;
  }
}
