package io.pare.stage.matrix;

import io.pare.algorithm.statistics.Samples;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Rows that come in parts of any size, handed on in chunks of one size. Not thread-safe. */
final class RowChunks implements Iterator<Samples> {
  private final Iterator<Samples> parts;
  private final int columns;
  private final int size;
  private Samples part;
  private int next;

  /**
   * Rows of one number of columns.
   *
   * @param size rows of every chunk but the last
   */
  RowChunks(Iterator<Samples> parts, int columns, int size) {
    this.parts = parts;
    this.columns = columns;
    this.size = size;
    part = new Samples(0, columns, new float[0]);
  }

  @Override
  public boolean hasNext() {
    while (next == part.rows() && parts.hasNext()) {
      part = parts.next();
      next = 0;
    }
    return next < part.rows();
  }

  @Override
  public Samples next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the last row is behind");
    }
    float[] values = new float[Math.multiplyExact(size, columns)];
    int rows = 0;
    while (rows < size && hasNext()) {
      int taken = Math.min(size - rows, part.rows() - next);
      System.arraycopy(part.values(), next * columns, values, rows * columns, taken * columns);
      rows += taken;
      next += taken;
    }
    return new Samples(
        rows, columns, rows == size ? values : java.util.Arrays.copyOf(values, rows * columns));
  }
}
