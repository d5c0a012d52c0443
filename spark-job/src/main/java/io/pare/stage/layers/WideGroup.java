package io.pare.stage.layers;

import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.stage.layers.SolveLayersStage.GroupStatistics;
import io.pare.stage.matrix.WideStatistics;
import io.pare.stage.spark.TaskRunner;
import io.pare.stage.spark.WalkedPartitions;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;

/**
 * A layer group whose statistics are products of distributed matrices. They and the samples lie on
 * executors' disks until this is closed: the samples are shuffled once, whatever they are used for.
 */
final class WideGroup implements AutoCloseable {
  private final JavaRDD<PairedBlock> samples;
  private final WideStatistics gathered;
  private final JavaRDD<GroupStatistics> statistics;
  private final WalkedPartitions.Subjects subjects;

  /**
   * Gathers the statistics of a group.
   *
   * @param samples of the group, in one partition
   * @param problems that the group is one of
   * @param partition its place among them
   */
  WideGroup(
      JavaRDD<PairedBlock> samples, ProblemsOnExecutors problems, int partition, TaskRunner tasks) {
    this.samples = samples.persist(StorageLevel.DISK_ONLY());
    LayerGroup group = problems.group(partition);
    gathered = WideStatistics.gather(this.samples, () -> problems.of(partition), tasks);
    statistics = gathered.item().map(its -> new GroupStatistics(group, its));
    subjects = its -> problems.statisticsOf(partition);
  }

  /** The result of work on the group, in a task, when it is asked for. */
  <R> JavaRDD<R> result(WalkedPartitions.Work<GroupStatistics, PairedBlock, R> work) {
    return WalkedPartitions.of(statistics, subjects, samples, work);
  }

  @Override
  public void close() {
    gathered.close();
    samples.unpersist();
  }
}
