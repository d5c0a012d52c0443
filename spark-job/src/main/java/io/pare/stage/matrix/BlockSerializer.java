package io.pare.stage.matrix;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.apache.spark.mllib.linalg.DenseMatrix;

/**
 * Blocks of distributed matrices on their way between executors, as MLlib has them and as Breeze
 * has them, in which MLlib adds them up: in single precision where that loses nothing, as in all
 * rounded samples, else in double. Whoever reads a block can multiply it: MLlib is bound to its
 * BLAS by then.
 */
public abstract sealed class BlockSerializer<T> extends Serializer<T> {

  private BlockSerializer() {}

  /** Registers both kinds of blocks. */
  public static void register(Kryo kryo) {
    kryo.register(DenseMatrix.class, new OfMllib());
    kryo.register(breeze.linalg.DenseMatrix$mcD$sp.class, new OfBreeze());
  }

  abstract int rows(T block);

  abstract int columns(T block);

  /** Column after column; not changed. */
  abstract double[] values(T block);

  abstract T block(int rows, int columns, double[] values);

  @Override
  public void write(Kryo kryo, Output output, T block) {
    double[] values = values(block);
    boolean single = isSingle(values);
    output.writeInt(rows(block), true);
    output.writeInt(columns(block), true);
    output.writeBoolean(single);
    for (double value : values) {
      if (single) {
        output.writeFloat((float) value);
      } else {
        output.writeDouble(value);
      }
    }
  }

  @Override
  public T read(Kryo kryo, Input input, Class<T> type) {
    MatrixBlas.bind();
    int rows = input.readInt(true);
    int columns = input.readInt(true);
    boolean single = input.readBoolean();
    double[] values = new double[Math.multiplyExact(rows, columns)];
    for (int k = 0; k < values.length; k++) {
      values[k] = single ? input.readFloat() : input.readDouble();
    }
    return block(rows, columns, values);
  }

  private static boolean isSingle(double[] values) {
    for (double value : values) {
      if ((float) value != value) {
        return false;
      }
    }
    return true;
  }

  private static final class OfMllib extends BlockSerializer<DenseMatrix> {
    @Override
    int rows(DenseMatrix block) {
      return block.numRows();
    }

    @Override
    int columns(DenseMatrix block) {
      return block.numCols();
    }

    @Override
    double[] values(DenseMatrix block) {
      return block.isTransposed() ? block.toArray() : block.values();
    }

    @Override
    DenseMatrix block(int rows, int columns, double[] values) {
      return new DenseMatrix(rows, columns, values);
    }
  }

  private static final class OfBreeze extends BlockSerializer<breeze.linalg.DenseMatrix$mcD$sp> {
    @Override
    int rows(breeze.linalg.DenseMatrix$mcD$sp block) {
      return block.rows();
    }

    @Override
    int columns(breeze.linalg.DenseMatrix$mcD$sp block) {
      return block.cols();
    }

    @Override
    double[] values(breeze.linalg.DenseMatrix$mcD$sp block) {
      double[] data = block.data$mcD$sp();
      boolean plain =
          !block.isTranspose()
              && block.offset() == 0
              && block.majorStride() == block.rows()
              && data.length == block.rows() * block.cols();
      return plain ? data : block.toArray$mcD$sp();
    }

    @Override
    breeze.linalg.DenseMatrix$mcD$sp block(int rows, int columns, double[] values) {
      return new breeze.linalg.DenseMatrix$mcD$sp(rows, columns, values, 0, rows, false);
    }
  }
}
