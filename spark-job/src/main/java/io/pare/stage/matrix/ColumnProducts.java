package io.pare.stage.matrix;

import io.pare.algorithm.statistics.ExactScale;
import io.pare.algorithm.statistics.LayerStatistics;
import io.pare.algorithm.statistics.Moments;
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
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.mllib.linalg.Matrix;
import org.apache.spark.mllib.linalg.distributed.BlockMatrix;
import scala.Tuple2;

/**
 * The Gram matrix and the cross moments of a wide layer: with X the samples of the fit beside a
 * column of ones and U the responses, {@code X^T X} and {@code U^T X} hold them and all sums that
 * centring needs. Every column is scaled and rounded by its own power of two.
 */
final class ColumnProducts {
  private static final int ROWS = 1024;
  private static final int LARGEST_WIDTH = 3200;

  private ColumnProducts() {}

  /**
   * Gathers moments.
   *
   * @param samples in one partition
   * @param shape of the layer group
   */
  static JavaRDD<LayerStatistics> gather(JavaRDD<PairedBlock> samples, LayerShape shape) {
    Magnitudes magnitudes = samples.mapPartitions(new FindMagnitudes(shape)).first();
    if (magnitudes.count() == 0) {
      throw new IllegalStateException("no samples were drawn");
    }
    Cut cut =
        new Cut(
            new BlockGrid(magnitudes.count(), ROWS),
            BlockGrid.of(shape.columns() + 1, LARGEST_WIDTH),
            BlockGrid.of(shape.outputs(), LARGEST_WIDTH));
    int partitions =
        cut.inputs().blocks() * Math.max(cut.inputs().blocks(), cut.targets().blocks());
    try (Blocks blocks =
        Blocks.spread(samples.mapPartitions(new CutColumns(magnitudes, cut)), partitions)) {
      BlockMatrix x = blocks.matrix(0, cut.rows(), cut.inputs());
      BlockMatrix u = blocks.matrix(cut.inputs().blocks(), cut.rows(), cut.targets());
      return WideStatistics.kept(
          Blocks.product(x.transpose(), x, cut.rows())
              .zipPartitions(Blocks.product(u.transpose(), x, cut.rows()), new PutTogether(cut)));
    }
  }

  /**
   * Where blocks are cut.
   *
   * @param rows samples
   * @param inputs columns of X, the last of which holds ones
   * @param targets columns of U
   */
  private record Cut(BlockGrid rows, BlockGrid inputs, BlockGrid targets) implements Serializable {
    int columns() {
      return inputs.length() - 1;
    }
  }

  /** Inputs and responses of the samples of the fit, side by side. */
  private static Samples beside(PairedBlock block) {
    Samples inputs = block.inputs().fit();
    Samples targets = block.forLayer(block.outputs().fit());
    int width = inputs.columns() + targets.columns();
    float[] values = new float[Math.multiplyExact(inputs.rows(), width)];
    for (int i = 0; i < inputs.rows(); i++) {
      int at = i * width;
      System.arraycopy(inputs.values(), i * inputs.columns(), values, at, inputs.columns());
      System.arraycopy(
          targets.values(),
          i * targets.columns(),
          values,
          at + inputs.columns(),
          targets.columns());
    }
    return new Samples(inputs.rows(), width, values);
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
              Iterators.mapping(blocks, ColumnProducts::beside), scales.length, cut.rows().size());
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

  /** Centres the sums of products and puts them together. */
  private static final class PutTogether
      implements FlatMapFunction2<
          Iterator<Tuple2<Tuple2<Object, Object>, Matrix>>,
          Iterator<Tuple2<Tuple2<Object, Object>, Matrix>>,
          LayerStatistics> {
    private static final long serialVersionUID = 1L;
    private final Cut cut;

    PutTogether(Cut cut) {
      this.cut = cut;
    }

    @Override
    public Iterator<LayerStatistics> call(
        Iterator<Tuple2<Tuple2<Object, Object>, Matrix>> ofInputs,
        Iterator<Tuple2<Tuple2<Object, Object>, Matrix>> ofTargets) {
      int columns = cut.columns();
      io.pare.algorithm.dense.Matrix gram = io.pare.algorithm.dense.Matrix.zeros(columns, columns);
      double[] inputSum = new double[columns];
      Blocks.read(
          ofInputs,
          cut.inputs(),
          cut.inputs(),
          (i, j, value) -> {
            if (i < columns && j < columns) {
              gram.set(i, j, value);
            } else if (i < columns) {
              inputSum[i] = value;
            }
          });
      io.pare.algorithm.dense.Matrix cross =
          io.pare.algorithm.dense.Matrix.zeros(cut.targets().length(), columns);
      double[] targetSum = new double[cross.rows()];
      Blocks.read(
          ofTargets,
          cut.targets(),
          cut.inputs(),
          (i, j, value) -> {
            if (j < columns) {
              cross.set(i, j, value);
            } else {
              targetSum[i] = value;
            }
          });
      return List.<LayerStatistics>of(
              Moments.of(cut.rows().length(), inputSum, targetSum, gram, cross))
          .iterator();
    }
  }
}
