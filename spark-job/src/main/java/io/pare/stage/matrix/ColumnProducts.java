package io.pare.stage.matrix;

import io.pare.algorithm.statistics.LayerStatistics;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.structure.LayerShape;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.mllib.linalg.Matrix;
import scala.Tuple2;

/**
 * The Gram matrix and the cross moments of a wide layer, put together in one task from exact
 * products: see {@link ColumnBlocks}.
 */
final class ColumnProducts {
  private ColumnProducts() {}

  /**
   * Gathers moments.
   *
   * @param samples in one partition
   * @param shape of the layer group
   */
  static JavaRDD<LayerStatistics> gather(JavaRDD<PairedBlock> samples, LayerShape shape) {
    try (ColumnBlocks blocks = ColumnBlocks.spread(samples, shape, shape.outputs())) {
      return WideStatistics.kept(
          blocks
              .gram()
              .coalesce(1)
              .zipPartitions(blocks.cross().coalesce(1), new PutTogether(blocks.cut())));
    }
  }

  /** Centres the sums of products and puts them together. */
  private static final class PutTogether
      implements FlatMapFunction2<
          Iterator<Tuple2<Tuple2<Object, Object>, Matrix>>,
          Iterator<Tuple2<Tuple2<Object, Object>, Matrix>>,
          LayerStatistics> {
    private static final long serialVersionUID = 1L;
    private final ColumnBlocks.Cut cut;

    PutTogether(ColumnBlocks.Cut cut) {
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
