package io.pare.stage.matrix;

import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.LayerStatistics;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.stage.spark.TaskRunner;
import java.io.Serializable;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;

/**
 * The statistics of one layer group as products of MLlib's distributed matrices. Samples are cut
 * into blocks that lie on all executors, blocks are multiplied where they meet, and one task puts
 * the products together; nothing goes through the driver but the largest magnitude of each column.
 *
 * <p>Every product and every sum is exact ({@link io.pare.algorithm.statistics.ExactScale}): MLlib
 * adds blocks up as they arrive, and the bits do not depend on it.
 */
public final class WideStatistics {
  private WideStatistics() {}

  /** Where executors find the layer: shipped once, not with every task. */
  public interface Source extends Supplier<LayerProblem>, Serializable {}

  /**
   * What can be told of the statistics once they have been gathered. They are gathered now and stay
   * on an executor's disk until they are unpersisted.
   *
   * @param samples of the group, in one partition and in the order of the data set; walked twice
   * @param source of the layer group that they are of
   * @param tasks that work on them
   * @return one item
   */
  public static JavaRDD<LayerStatistics> gather(
      JavaRDD<PairedBlock> samples, Source source, TaskRunner tasks) {
    if (samples.getNumPartitions() != 1) {
      throw new IllegalArgumentException(
          "samples of one layer group lie in one partition, not " + samples.getNumPartitions());
    }
    MatrixBlas.bind();
    LayerProblem problem = source.get();
    return problem.space().hasGram()
        ? ColumnProducts.gather(samples, problem.shape())
        : RowProducts.gather(samples, source, tasks);
  }

  /** Computes an item and keeps it on disk. */
  static JavaRDD<LayerStatistics> kept(JavaRDD<LayerStatistics> statistics) {
    JavaRDD<LayerStatistics> kept = statistics.persist(StorageLevel.DISK_ONLY());
    kept.foreach(item -> {});
    return kept;
  }
}
