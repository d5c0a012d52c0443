package io.pare.algorithm.structure;

/** Which positions of a layer's kernel one factor of a chain reads. */
public enum Taps {
  /** One: a 1 x 1 convolution that does not move as the layer does. */
  ONE(false, false),
  /** A column of them: kh x 1. */
  ROWS(true, false),
  /** A row of them: 1 x kw. */
  COLUMNS(false, true),
  /** The whole kernel: kh x kw. */
  ALL(true, true);

  private final boolean rows;
  private final boolean columns;

  Taps(boolean rows, boolean columns) {
    this.rows = rows;
    this.columns = columns;
  }

  /** Whether the factor spans, strides and pads the rows as the layer does. */
  public boolean spansRows() {
    return rows;
  }

  /** Whether the factor spans, strides and pads the columns as the layer does. */
  public boolean spansColumns() {
    return columns;
  }

  /** Kernel rows of the factor in a layer of that shape. */
  public int height(LayerShape shape) {
    return rows ? shape.kernelHeight() : 1;
  }

  /** Kernel columns of the factor in a layer of that shape. */
  public int width(LayerShape shape) {
    return columns ? shape.kernelWidth() : 1;
  }

  /** Positions of the factor's kernel in a layer of that shape. */
  public int count(LayerShape shape) {
    return Math.multiplyExact(height(shape), width(shape));
  }
}
