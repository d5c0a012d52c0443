package io.pare.algorithm.admm;

/**
 * An account of floating-point operations, estimated from sizes and never from a clock: what is cut
 * short by it is cut at the same place on every machine.
 *
 * <p>The unit is one operation of a large product in single precision. Others are dearer: an
 * eigendecomposition of order m is counted with {@code 40 m^3}, its leading part with {@code 15
 * m^3}, as measured beside such products. Not thread-safe.
 */
public final class Work {
  private static final double EIGEN = 40;
  private static final double LEADING = 15;
  private static final double DOUBLE = 2;

  private final double limit;
  private double spent;

  /**
   * An account with nothing spent.
   *
   * @param limit above which nothing more is begun, at least 0
   */
  public Work(double limit) {
    if (!(limit >= 0)) {
      throw new IllegalArgumentException("work cannot be limited to " + limit);
    }
    this.limit = limit;
  }

  /** What has been spent. */
  public double spent() {
    return spent;
  }

  /** Whether the limit is reached. */
  public boolean isOver() {
    return spent >= limit;
  }

  /** A product of a {@code rows x inner} and an {@code inner x columns} matrix. */
  public void product(long rows, long inner, long columns) {
    spent += DOUBLE * 2.0 * rows * inner * columns;
  }

  /** The same in single precision. */
  void singleProduct(long rows, long inner, long columns) {
    spent += 2.0 * rows * inner * columns;
  }

  /** All eigenvectors of a symmetric matrix. */
  void eigen(long order) {
    spent += EIGEN * order * order * order;
  }

  /** Some leading eigenvectors of a symmetric matrix. */
  void leading(long order) {
    spent += LEADING * order * order * order;
  }

  /** The inverse of a symmetric positive definite matrix. */
  void inverse(long order) {
    spent += DOUBLE * order * order * order;
  }
}
