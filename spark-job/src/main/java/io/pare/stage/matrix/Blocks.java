package io.pare.stage.matrix;

import io.pare.algorithm.statistics.Samples;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.PairFunction;
import org.apache.spark.mllib.linalg.DenseMatrix;
import org.apache.spark.mllib.linalg.Matrix;
import org.apache.spark.mllib.linalg.distributed.BlockMatrix;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * The blocks of distributed matrices that have their rows in common, spread over the executors'
 * memory and disks until they are closed. A block is keyed by its row and column of blocks; the
 * columns of one matrix follow those of another.
 */
final class Blocks implements AutoCloseable {
  /** Blocks of one operand that a task of a product holds at once. */
  private static final int INNER = 4;

  private final JavaPairRDD<Tuple2<Object, Object>, Matrix> blocks;

  private Blocks(JavaPairRDD<Tuple2<Object, Object>, Matrix> blocks) {
    this.blocks = blocks;
  }

  /**
   * Spreads blocks.
   *
   * @param cut each block once
   * @param partitions to spread them over: of a product too
   */
  static Blocks spread(JavaRDD<Tuple2<Tuple2<Object, Object>, Matrix>> cut, int partitions) {
    return new Blocks(
        JavaPairRDD.fromJavaRDD(cut)
            .partitionBy(new HashPartitioner(partitions))
            .persist(StorageLevel.MEMORY_AND_DISK_SER()));
  }

  /** The matrix of the first block rows, and of the block columns from {@code first} on. */
  BlockMatrix matrix(int first, BlockGrid rows, BlockGrid columns) {
    return new BlockMatrix(
        blocks
            .filter(new Within(rows.blocks(), first, first + columns.blocks()))
            .mapToPair(new Shifted(first))
            .rdd(),
        rows.size(),
        columns.size(),
        rows.length(),
        columns.length());
  }

  /**
   * The blocks of a product, in any order.
   *
   * @param inner grid of the dimension that is summed over: some of its blocks at a time
   */
  static JavaRDD<Tuple2<Tuple2<Object, Object>, Matrix>> product(
      BlockMatrix left, BlockMatrix right, BlockGrid inner) {
    int turns = (inner.blocks() + INNER - 1) / INNER;
    return left.multiply(right, turns).blocks().toJavaRDD();
  }

  /** One column of a matrix, gathered on the driver. */
  static double[] column(
      JavaRDD<Tuple2<Tuple2<Object, Object>, Matrix>> blocks,
      BlockGrid rows,
      BlockGrid columns,
      int column) {
    int place = column / columns.size();
    List<Tuple2<Integer, double[]>> parts =
        blocks
            .filter(block -> (Integer) block._1()._2() == place)
            .map(
                block ->
                    new Tuple2<>(
                        (Integer) block._1()._1(),
                        entries(block._2(), i -> column - columns.first(place))))
            .collect();
    return joined(parts, rows);
  }

  /** The diagonal of a square matrix, gathered on the driver. */
  static double[] diagonal(JavaRDD<Tuple2<Tuple2<Object, Object>, Matrix>> blocks, BlockGrid grid) {
    List<Tuple2<Integer, double[]>> parts =
        blocks
            .filter(block -> block._1()._1().equals(block._1()._2()))
            .map(block -> new Tuple2<>((Integer) block._1()._1(), entries(block._2(), row -> row)))
            .collect();
    return joined(parts, grid);
  }

  /** One entry of each row. */
  private static double[] entries(Matrix block, IntUnaryOperator columnOf) {
    double[] entries = new double[block.numRows()];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = block.apply(i, columnOf.applyAsInt(i));
    }
    return entries;
  }

  private static double[] joined(List<Tuple2<Integer, double[]>> parts, BlockGrid grid) {
    double[] all = new double[grid.length()];
    for (Tuple2<Integer, double[]> part : parts) {
      System.arraycopy(part._2(), 0, all, grid.first(part._1()), part._2().length);
    }
    return all;
  }

  /** Takes entries of a matrix. */
  interface Entries {
    void take(int row, int column, double value);
  }

  /** Hands over every entry of the blocks of one matrix. */
  static void read(
      Iterator<Tuple2<Tuple2<Object, Object>, Matrix>> blocks,
      BlockGrid rows,
      BlockGrid columns,
      Entries entries) {
    while (blocks.hasNext()) {
      Tuple2<Tuple2<Object, Object>, Matrix> block = blocks.next();
      int top = rows.first((Integer) block._1()._1());
      int left = columns.first((Integer) block._1()._2());
      Matrix values = block._2();
      for (int j = 0; j < values.numCols(); j++) {
        for (int i = 0; i < values.numRows(); i++) {
          entries.take(top + i, left + j, values.apply(i, j));
        }
      }
    }
  }

  /** The value of a sample in a column, rounded. */
  interface Rounding {
    double value(Samples rows, int row, int column);
  }

  /** Cuts neighbouring rows into the blocks of one row of blocks. */
  static List<Tuple2<Tuple2<Object, Object>, Matrix>> cut(
      int blockRow, int firstColumn, Samples rows, BlockGrid columns, Rounding rounding) {
    List<Tuple2<Tuple2<Object, Object>, Matrix>> blocks = new ArrayList<>();
    for (int k = 0; k < columns.blocks(); k++) {
      int width = columns.width(k);
      double[] values = new double[Math.multiplyExact(rows.rows(), width)];
      for (int j = 0; j < width; j++) {
        for (int i = 0; i < rows.rows(); i++) {
          values[j * rows.rows() + i] = rounding.value(rows, i, columns.first(k) + j);
        }
      }
      blocks.add(
          new Tuple2<>(
              new Tuple2<>(blockRow, firstColumn + k),
              new DenseMatrix(rows.rows(), width, values)));
    }
    return blocks;
  }

  @Override
  public void close() {
    blocks.unpersist();
  }

  private record Within(int rows, int first, int end)
      implements Function<Tuple2<Tuple2<Object, Object>, Matrix>, Boolean> {
    @Override
    public Boolean call(Tuple2<Tuple2<Object, Object>, Matrix> block) {
      int column = (Integer) block._1()._2();
      return (Integer) block._1()._1() < rows && column >= first && column < end;
    }
  }

  private record Shifted(int first)
      implements PairFunction<
          Tuple2<Tuple2<Object, Object>, Matrix>, Tuple2<Object, Object>, Matrix> {
    @Override
    public Tuple2<Tuple2<Object, Object>, Matrix> call(
        Tuple2<Tuple2<Object, Object>, Matrix> block) {
      int column = (Integer) block._1()._2();
      return new Tuple2<>(new Tuple2<>(block._1()._1(), column - first), block._2());
    }
  }
}
