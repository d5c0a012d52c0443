package io.pare.stage.matrix;

import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.LayerStatistics;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.Samples;
import io.pare.stage.spark.TaskRunner;
import java.io.Serializable;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;

/**
 * The statistics of one layer group as products of MLlib's distributed matrices. Samples are cut
 * into blocks that lie on all executors, blocks are multiplied where they meet, and one task puts
 * the products together; nothing goes through the driver but the largest magnitude of each column
 * and, where a system is solved in strips, some rows at a time.
 *
 * <p>Every product and every sum is exact ({@link io.pare.algorithm.statistics.ExactScale}): MLlib
 * adds blocks up as they arrive, and the bits do not depend on it.
 */
public final class WideStatistics implements AutoCloseable {
  private final JavaRDD<LayerStatistics> item;
  private final List<Broadcast<Samples>> parts;

  /**
   * Statistics that are there.
   *
   * @param item persisted
   * @param parts that it is put together from, freed with it
   */
  WideStatistics(JavaRDD<LayerStatistics> item, List<Broadcast<Samples>> parts) {
    this.item = item;
    this.parts = List.copyOf(parts);
  }

  /** Where executors find the layer: shipped once, not with every task. */
  public interface Source extends Supplier<LayerProblem>, Serializable {}

  /**
   * Gathers statistics now. They stay on an executor's disk until they are closed.
   *
   * @param samples of the group, in one partition and in the order of the data set; walked twice
   * @param source of the layer group that they are of
   * @param tasks that work on them
   */
  public static WideStatistics gather(
      JavaRDD<PairedBlock> samples, Source source, TaskRunner tasks) {
    if (samples.getNumPartitions() != 1) {
      throw new IllegalArgumentException(
          "samples of one layer group lie in one partition, not " + samples.getNumPartitions());
    }
    MatrixBlas.bind();
    LayerProblem problem = source.get();
    return switch (problem.space()) {
      case COLUMNS ->
          new WideStatistics(ColumnProducts.gather(samples, problem.shape()), List.of());
      case SAMPLES -> new WideStatistics(RowProducts.gather(samples, source, tasks), List.of());
      case STRIPS -> StripSystem.solve(samples, problem, tasks);
    };
  }

  /** One item in one partition. */
  public JavaRDD<LayerStatistics> item() {
    return item;
  }

  @Override
  public void close() {
    item.unpersist();
    parts.forEach(Broadcast::destroy);
  }

  /** Computes an item and keeps it on disk. */
  static JavaRDD<LayerStatistics> kept(JavaRDD<LayerStatistics> statistics) {
    JavaRDD<LayerStatistics> kept = statistics.persist(StorageLevel.DISK_ONLY());
    kept.foreach(item -> {});
    return kept;
  }
}
