package io.pare.stage.layers;

import io.pare.algorithm.statistics.DrawnBlock;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.stage.spark.Iterators;
import io.pare.stage.spark.TaskRunner;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * What the activations behind the original layers read for their samples: the targets of every fit,
 * computed once and held on the executors' disks. A few times smaller than the samples.
 *
 * @param blocks partition p holds those of layer group p, in the order of the samples
 * @param problems of the layer groups
 */
public record LayerOutputs(JavaRDD<SampleBlock> blocks, ProblemsOnExecutors problems) {
  private static final int TOGETHER = 64;

  /**
   * Runs the layers over their samples.
   *
   * @param samples of the original network
   * @param problems of the same groups; must outlive the outputs
   */
  static LayerOutputs of(LayerSamples samples, ProblemsOnExecutors problems, TaskRunner tasks) {
    return new LayerOutputs(
        samples
            .blocks()
            .mapPartitionsWithIndex(new RunLayers(problems, tasks), true)
            .persist(StorageLevel.DISK_ONLY()),
        problems);
  }

  /** Frees the executors' disks. */
  public void release() {
    blocks.unpersist();
  }

  private static final class RunLayers
      implements Function2<
          Integer, Iterator<Tuple2<SampleKey, DrawnBlock>>, Iterator<SampleBlock>> {
    private static final long serialVersionUID = 1L;
    private final ProblemsOnExecutors problems;
    private final TaskRunner tasks;

    RunLayers(ProblemsOnExecutors problems, TaskRunner tasks) {
      this.problems = problems;
      this.tasks = tasks;
    }

    @Override
    public Iterator<SampleBlock> call(
        Integer partition, Iterator<Tuple2<SampleKey, DrawnBlock>> blocks) {
      LayerProblem problem = problems.of(partition);
      return tasks.run(
          problem.name() + ", outputs",
          () ->
              problem.space().hasGram()
                  ? Iterators.mapping(
                      blocks, block -> block._2().joinedBy(problem.outputs(block._2().inputs())))
                  : together(problem, blocks));
    }

    /** Some blocks at a time: the weights are larger than the samples of a block. */
    private static Iterator<SampleBlock> together(
        LayerProblem problem, Iterator<Tuple2<SampleKey, DrawnBlock>> blocks) {
      return Iterators.flatMapping(
          Iterators.grouped(blocks, TOGETHER),
          some -> {
            List<SampleBlock> inputs = some.stream().map(block -> block._2().inputs()).toList();
            return problem.outputs(SampleBlock.joined(inputs)).splitLike(inputs).iterator();
          });
    }
  }
}
