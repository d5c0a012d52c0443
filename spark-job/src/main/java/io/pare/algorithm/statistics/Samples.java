package io.pare.algorithm.statistics;

import io.pare.algorithm.activation.Activation;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.dense.Tiles;
import java.util.Arrays;
import java.util.List;

/**
 * Sampled inputs or outputs of a layer, one a row, in single precision. Values are not copied.
 *
 * @param rows number of samples, at least 0
 * @param columns entries of one sample
 * @param values {@code rows * columns} entries, row after row
 */
@SuppressWarnings("ArrayRecordComponent")
public record Samples(int rows, int columns, float[] values) {

  public Samples {
    if (rows < 0 || columns < 1 || (long) rows * columns != values.length) {
      throw new IllegalArgumentException(
          rows + " samples of " + columns + " columns cannot hold " + values.length + " values");
    }
  }

  /** The rows of all, one after the other; at least one, of the same columns. */
  public static Samples joined(List<Samples> parts) {
    int columns = parts.get(0).columns;
    int rows = parts.stream().mapToInt(Samples::rows).sum();
    float[] values = new float[Math.multiplyExact(rows, columns)];
    int at = 0;
    for (Samples part : parts) {
      System.arraycopy(part.values, 0, values, at, part.values.length);
      at += part.values.length;
    }
    return new Samples(rows, columns, values);
  }

  /** The entry of a row and column. */
  public float at(int row, int column) {
    return values[row * columns + column];
  }

  /**
   * Neighbouring rows as one, the values as they are.
   *
   * @param count rows of one, a divisor of their number
   */
  public Samples joinedRows(int count) {
    return new Samples(rows / count, columns * count, values);
  }

  /** As many rows as asked for, those that are missing with zeros. */
  public Samples filledUp(int count) {
    return count == rows
        ? this
        : new Samples(count, columns, Arrays.copyOf(values, Math.multiplyExact(count, columns)));
  }

  /** Some neighbouring rows, copied. */
  Samples rows(int first, int count) {
    return new Samples(
        count, columns, Arrays.copyOfRange(values, first * columns, (first + count) * columns));
  }

  /** Some neighbouring columns, copied. */
  public Samples columns(int first, int count) {
    float[] part = new float[Math.multiplyExact(rows, count)];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(values, i * columns + first, part, i * count, count);
    }
    return new Samples(rows, count, part);
  }

  /** Some of the columns, in the order given, copied. */
  public Samples columns(int[] chosen) {
    float[] part = new float[Math.multiplyExact(rows, chosen.length)];
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < chosen.length; k++) {
        part[i * chosen.length + k] = at(i, chosen[k]);
      }
    }
    return new Samples(rows, chosen.length, part);
  }

  /** The rows of both side by side. */
  public Samples beside(Samples right) {
    if (rows != right.rows) {
      throw new IllegalArgumentException(this + " and " + right + " differ in rows");
    }
    int width = columns + right.columns;
    float[] both = new float[Math.multiplyExact(rows, width)];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(values, i * columns, both, i * width, columns);
      System.arraycopy(right.values, i * right.columns, both, i * width + columns, right.columns);
    }
    return new Samples(rows, width, both);
  }

  /** M x + b for every sample x, in single precision. */
  public Samples transformed(Matrix matrix, double[] bias) {
    return transformed(matrix.floats(), bias);
  }

  /**
   * The same with a matrix in single precision.
   *
   * @param weights as many rows as {@code bias} has entries, row after row
   */
  public Samples transformed(float[] weights, double[] bias) {
    float[] products = DenseAlgebra.multiplyTransposed(values, weights, rows, bias.length, columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < bias.length; j++) {
        products[i * bias.length + j] += (float) bias[j];
      }
    }
    return new Samples(rows, bias.length, products);
  }

  /** The sums with other samples of the same rows and columns. */
  public Samples plus(Samples other) {
    return combined(other, 1);
  }

  /** What is left without other samples of the same rows and columns. */
  public Samples minus(Samples other) {
    return combined(other, -1);
  }

  private Samples combined(Samples other, float sign) {
    if (rows != other.rows || columns != other.columns) {
      throw new IllegalArgumentException(this + " and " + other + " differ in size");
    }
    float[] result = new float[values.length];
    for (int k = 0; k < result.length; k++) {
      result[k] = values[k] + sign * other.values[k];
    }
    return new Samples(rows, columns, result);
  }

  /** What a nonlinearity makes of outputs, each column of which is a channel. */
  public Samples behind(Activation activation) {
    float[] result = new float[values.length];
    Tiles.ofRows(rows, columns)
        .forEach(
            (first, count) ->
                activation.apply(
                    values, columns, first * columns, (first + count) * columns, result));
    return new Samples(rows, columns, result);
  }

  /** The means of the columns; at least one row. */
  public float[] columnMeans() {
    double[] sums = new double[columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        sums[j] += values[i * columns + j];
      }
    }
    float[] means = new float[columns];
    for (int j = 0; j < columns; j++) {
      means[j] = (float) (sums[j] / rows);
    }
    return means;
  }

  /** The values less a shift, the sums of which are added to {@code sums}. */
  public float[] centred(float[] shift, double[] sums) {
    float[] result = new float[values.length];
    Tiles.ofRows(rows, columns)
        .add(
            sums,
            (first, count) -> {
              double[] part = new double[columns];
              for (int i = first; i < first + count; i++) {
                for (int j = 0; j < columns; j++) {
                  float value = values[i * columns + j] - shift[j];
                  result[i * columns + j] = value;
                  part[j] += value;
                }
              }
              return part;
            });
    // No sum of finite floats leaves the range of doubles.
    if (!Double.isFinite(Arrays.stream(sums).sum())) {
      requireFinite(result);
    }
    return result;
  }

  private void requireFinite(float[] entries) {
    for (int k = 0; k < entries.length; k++) {
      if (!Float.isFinite(entries[k])) {
        throw new ArithmeticException(
            "sample " + k / columns + " column " + k % columns + " is not finite");
      }
    }
  }

  @Override
  public String toString() {
    return "Samples[" + rows + " x " + columns + "]";
  }
}
