package io.pare.stage.layers;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.statistics.FitSpace;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.stage.spark.Iterators;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * What the original layers put out, before the activation, for their samples: the targets of every
 * fit, computed once and held on the executors' disks. A few times smaller than the samples.
 *
 * @param blocks partition p holds those of layer group p, in the order of the samples
 * @param problems of the layer groups
 */
public record LayerOutputs(JavaRDD<SampleBlock> blocks, ProblemsOnExecutors problems) {

  /**
   * Runs the layers over their samples.
   *
   * @param samples of the original network
   * @param problems of the same groups; must outlive the outputs
   */
  static LayerOutputs of(LayerSamples samples, ProblemsOnExecutors problems, int threads) {
    return new LayerOutputs(
        samples
            .blocks()
            .mapPartitionsWithIndex(new RunLayers(problems, threads), true)
            .persist(StorageLevel.DISK_ONLY()),
        problems);
  }

  /** Number of layer groups. */
  public int partitions() {
    return problems.partitions();
  }

  /** Whether a layer group's fits are spread over executors rather than solved in a task. */
  boolean isSpread(int partition) {
    return problems.space(partition) == FitSpace.EXECUTORS;
  }

  /** Frees the executors' disks. */
  public void release() {
    blocks.unpersist();
  }

  private static final class RunLayers
      implements Function2<
          Integer, Iterator<Tuple2<SampleKey, SampleBlock>>, Iterator<SampleBlock>> {
    private static final long serialVersionUID = 1L;
    private final ProblemsOnExecutors problems;
    private final int threads;

    RunLayers(ProblemsOnExecutors problems, int threads) {
      this.problems = problems;
      this.threads = threads;
    }

    @Override
    public Iterator<SampleBlock> call(
        Integer partition, Iterator<Tuple2<SampleKey, SampleBlock>> blocks) {
      DenseAlgebra.useThreads(threads);
      LayerProblem problem = problems.of(partition);
      return problem.space().hasGram()
          ? Iterators.mapping(blocks, block -> problem.outputs(block._2()))
          : atOnce(problem, blocks);
    }

    /** One product for all blocks: the weights are larger than the samples of a block. */
    private static Iterator<SampleBlock> atOnce(
        LayerProblem problem, Iterator<Tuple2<SampleKey, SampleBlock>> blocks) {
      List<SampleBlock> inputs = new ArrayList<>();
      blocks.forEachRemaining(block -> inputs.add(block._2()));
      return inputs.isEmpty()
          ? inputs.iterator()
          : problem.outputs(SampleBlock.joined(inputs)).splitLike(inputs).iterator();
    }
  }
}
