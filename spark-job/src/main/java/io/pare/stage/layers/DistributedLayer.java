package io.pare.stage.layers;

import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.LayerFits;
import io.pare.algorithm.fit.SampleSpaceFits;
import io.pare.algorithm.statistics.InputSlice;
import io.pare.algorithm.statistics.InputSlices;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.algorithm.statistics.Samples;
import io.pare.stage.spark.TaskRunner;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * One layer group whose samples and weights are cut by columns and spread over the executors, while
 * the driver holds M. Its outputs, a few megabytes, are on the driver.
 */
final class DistributedLayer implements AutoCloseable {
  private final JavaSparkContext spark;
  private final LayerProblem problem;
  private final SampleBlock outputs;
  private final JavaRDD<InputSlice> slices;
  private final TaskRunner tasks;

  /**
   * Spreads the samples of a layer group.
   *
   * @param samples of the group, in one partition
   * @param problems that the group is one of
   * @param partition its place among them
   * @param tasks that the products run in
   */
  DistributedLayer(
      JavaSparkContext spark,
      JavaRDD<PairedBlock> samples,
      ProblemsOnExecutors problems,
      int partition,
      TaskRunner tasks) {
    this.spark = spark;
    this.tasks = tasks;
    problem = problems.of(partition);
    outputs = SampleBlock.joined(samples.map(PairedBlock::outputs).collect());
    int columns = problem.shape().columns();
    int count = (columns + InputSlices.COLUMNS - 1) / InputSlices.COLUMNS;
    slices =
        samples
            .mapPartitionsToPair(new CutColumns(columns))
            .repartitionAndSortWithinPartitions(new ByPartition(count))
            .mapPartitionsWithIndex(new JoinSamples(problems, partition), true)
            .persist(StorageLevel.MEMORY_AND_DISK_SER());
  }

  /**
   * Fits whose products run on the executors; of no use once this is closed.
   *
   * @param basis the weights alone, or else linear
   */
  LayerFits fits(Fitting basis) {
    return new SampleSpaceFits(
        problem, basis, new DistributedSlices(spark, slices, tasks), outputs);
  }

  @Override
  public void close() {
    slices.unpersist();
  }

  private static int width(int slice, int columns) {
    return Math.min(InputSlices.COLUMNS, columns - slice * InputSlices.COLUMNS);
  }

  private static final class CutColumns
      implements PairFlatMapFunction<Iterator<PairedBlock>, SampleKey, SampleBlock> {
    private static final long serialVersionUID = 1L;
    private final int columns;

    CutColumns(int columns) {
      this.columns = columns;
    }

    @Override
    public Iterator<Tuple2<SampleKey, SampleBlock>> call(Iterator<PairedBlock> blocks) {
      List<Tuple2<SampleKey, SampleBlock>> parts = new ArrayList<>();
      for (int place = 0; blocks.hasNext(); place++) {
        SampleBlock inputs = blocks.next().inputs();
        for (int slice = 0; slice * InputSlices.COLUMNS < columns; slice++) {
          parts.add(
              new Tuple2<>(
                  new SampleKey(slice, place, 0),
                  inputs.columns(slice * InputSlices.COLUMNS, width(slice, columns))));
        }
      }
      return parts.iterator();
    }
  }

  private static final class JoinSamples
      implements Function2<
          Integer, Iterator<Tuple2<SampleKey, SampleBlock>>, Iterator<InputSlice>> {
    private static final long serialVersionUID = 1L;
    private final ProblemsOnExecutors problems;
    private final int partition;

    JoinSamples(ProblemsOnExecutors problems, int partition) {
      this.problems = problems;
      this.partition = partition;
    }

    @Override
    public Iterator<InputSlice> call(
        Integer slice, Iterator<Tuple2<SampleKey, SampleBlock>> blocks) {
      List<SampleBlock> parts = new ArrayList<>();
      blocks.forEachRemaining(block -> parts.add(block._2()));
      LayerProblem problem = problems.of(partition);
      int rows = problem.shape().outputs();
      int columns = problem.shape().columns();
      int first = slice * InputSlices.COLUMNS;
      return List.of(
              InputSlice.of(
                  first,
                  SampleBlock.joined(parts),
                  new Samples(rows, columns, problem.weights())
                      .columns(first, width(slice, columns))))
          .iterator();
    }
  }
}
