package io.pare.stage.matrix;

import io.pare.algorithm.statistics.ExactScale;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.LayerShape;
import io.pare.stage.spark.Iterators;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.mllib.linalg.Matrix;
import org.apache.spark.mllib.linalg.distributed.BlockMatrix;
import scala.Tuple2;

/**
 * The samples of the fit as distributed matrices: X, their inputs beside a column of ones, and U,
 * their responses. Every column is scaled and rounded by its own power of two, so that {@code X^T
 * X} and {@code U^T X} are exact; they hold all sums that centring needs.
 */
final class ColumnBlocks implements AutoCloseable {
  private static final int ROWS = 1024;
  private static final int LARGEST_WIDTH = 3200;

  private final Cut cut;
  private final Blocks blocks;

  private ColumnBlocks(Cut cut, Blocks blocks) {
    this.cut = cut;
    this.blocks = blocks;
  }

  /**
   * Cuts samples and spreads them over the executors.
   *
   * @param samples in one partition
   * @param shape of the layer group
   * @param targets columns of U in a block at most
   */
  static ColumnBlocks spread(JavaRDD<PairedBlock> samples, LayerShape shape, int targets) {
    Magnitudes magnitudes = samples.mapPartitions(new FindMagnitudes(shape)).first();
    if (magnitudes.count() == 0) {
      throw new IllegalStateException("no samples were drawn");
    }
    Cut cut =
        new Cut(
            new BlockGrid(magnitudes.count(), ROWS),
            BlockGrid.of(shape.columns() + 1, LARGEST_WIDTH),
            BlockGrid.of(shape.outputs(), Math.min(LARGEST_WIDTH, targets)));
    int partitions =
        cut.inputs().blocks() * Math.max(cut.inputs().blocks(), cut.targets().blocks());
    return new ColumnBlocks(
        cut, Blocks.spread(samples.mapPartitions(new CutColumns(magnitudes, cut)), partitions));
  }

  /** Where the blocks are cut. */
  Cut cut() {
    return cut;
  }

  /** {@code X^T X}, exact. */
  JavaRDD<Tuple2<Tuple2<Object, Object>, Matrix>> gram() {
    BlockMatrix x = blocks.matrix(0, cut.rows(), cut.inputs());
    return Blocks.product(x.transpose(), x, cut.rows());
  }

  /** {@code U^T X}, exact. */
  JavaRDD<Tuple2<Tuple2<Object, Object>, Matrix>> cross() {
    BlockMatrix x = blocks.matrix(0, cut.rows(), cut.inputs());
    BlockMatrix u = blocks.matrix(cut.inputs().blocks(), cut.rows(), cut.targets());
    return Blocks.product(u.transpose(), x, cut.rows());
  }

  @Override
  public void close() {
    blocks.close();
  }

  /**
   * Where blocks are cut.
   *
   * @param rows samples
   * @param inputs columns of X, the last of which holds ones
   * @param targets columns of U
   */
  record Cut(BlockGrid rows, BlockGrid inputs, BlockGrid targets) implements Serializable {
    int columns() {
      return inputs.length() - 1;
    }
  }

  /** Inputs and responses of the samples of the fit, side by side. */
  private static Samples beside(PairedBlock block) {
    return block.inputs().fit().beside(block.forLayer(block.outputs().fit()));
  }

  private static final class FindMagnitudes
      implements FlatMapFunction<Iterator<PairedBlock>, Magnitudes> {
    private static final long serialVersionUID = 1L;
    private final LayerShape shape;

    FindMagnitudes(LayerShape shape) {
      this.shape = shape;
    }

    @Override
    public Iterator<Magnitudes> call(Iterator<PairedBlock> blocks) {
      float[] largest = new float[shape.columns() + shape.outputs()];
      int count = 0;
      while (blocks.hasNext()) {
        Samples rows = beside(blocks.next());
        for (int i = 0; i < rows.rows(); i++) {
          for (int j = 0; j < largest.length; j++) {
            // The maximum of Java is NaN where one of the values is.
            largest[j] = Math.max(largest[j], Math.abs(rows.values()[i * largest.length + j]));
          }
        }
        count += rows.rows();
      }
      return List.of(new Magnitudes(count, largest)).iterator();
    }
  }

  private static final class CutColumns
      implements FlatMapFunction<Iterator<PairedBlock>, Tuple2<Tuple2<Object, Object>, Matrix>> {
    private static final long serialVersionUID = 1L;
    private final Magnitudes magnitudes;
    private final Cut cut;

    CutColumns(Magnitudes magnitudes, Cut cut) {
      this.magnitudes = magnitudes;
      this.cut = cut;
    }

    @Override
    public Iterator<Tuple2<Tuple2<Object, Object>, Matrix>> call(Iterator<PairedBlock> blocks) {
      ExactScale[] scales = new ExactScale[magnitudes.values().length];
      for (int k = 0; k < scales.length; k++) {
        scales[k] = ExactScale.of(magnitudes.values()[k], magnitudes.count());
      }
      int columns = cut.columns();
      RowChunks chunks =
          new RowChunks(
              Iterators.mapping(blocks, ColumnBlocks::beside), scales.length, cut.rows().size());
      Iterator<Integer> places = IntStream.range(0, cut.rows().blocks()).iterator();
      return Iterators.flatMapping(
          chunks,
          chunk -> {
            int place = places.next();
            List<Tuple2<Tuple2<Object, Object>, Matrix>> row =
                new ArrayList<>(
                    Blocks.cut(
                        place,
                        0,
                        chunk,
                        cut.inputs(),
                        (rows, i, j) -> j == columns ? 1 : scales[j].round(rows.at(i, j))));
            row.addAll(
                Blocks.cut(
                    place,
                    cut.inputs().blocks(),
                    chunk,
                    cut.targets(),
                    (rows, i, j) -> scales[columns + j].round(rows.at(i, columns + j))));
            return row.iterator();
          });
    }
  }
}
