package io.pare.stage;

import io.pare.algorithm.DenseAlgebra;
import io.pare.algorithm.LayerProblem;
import io.pare.algorithm.SampleBlock;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * What the original layers put out, before the activation, for their samples: the targets of every
 * fit, computed once and held on the executors' disks. A few times smaller than the samples.
 *
 * @param blocks partition p holds those of layer group p, in the order of the samples
 * @param partitions number of layer groups
 */
public record LayerOutputs(JavaRDD<SampleBlock> blocks, int partitions) {

  /**
   * Runs the layers over their samples.
   *
   * @param samples of the original network
   * @param problems of the same groups; must outlive the outputs
   */
  static LayerOutputs of(
      LayerSamples samples, Broadcast<List<LayerProblem>> problems, int threads) {
    return new LayerOutputs(
        samples
            .blocks()
            .mapPartitionsWithIndex(new RunLayers(problems, threads), true)
            .persist(StorageLevel.DISK_ONLY()),
        samples.partitions());
  }

  /** The outputs of some of the layer groups, in ascending order of their partitions. */
  JavaRDD<SampleBlock> only(boolean[] wanted) {
    return PartitionPruningRDD.create(blocks.rdd(), new Wanted(wanted)).toJavaRDD();
  }

  /** Frees the executors' disks. */
  public void release() {
    blocks.unpersist();
  }

  private static final class Wanted extends scala.runtime.AbstractFunction1<Object, Object>
      implements java.io.Serializable {
    private static final long serialVersionUID = 1L;
    private final boolean[] wanted;

    Wanted(boolean[] wanted) {
      this.wanted = wanted;
    }

    @Override
    public Object apply(Object partition) {
      return wanted[(Integer) partition];
    }
  }

  private static final class RunLayers
      implements Function2<
          Integer, Iterator<Tuple2<SampleKey, SampleBlock>>, Iterator<SampleBlock>> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<List<LayerProblem>> problems;
    private final int threads;

    RunLayers(Broadcast<List<LayerProblem>> problems, int threads) {
      this.problems = problems;
      this.threads = threads;
    }

    @Override
    public Iterator<SampleBlock> call(
        Integer partition, Iterator<Tuple2<SampleKey, SampleBlock>> blocks) {
      DenseAlgebra.useThreads(threads);
      LayerProblem problem = problems.value().get(partition);
      return Iterators.mapping(blocks, block -> problem.outputs(block._2()));
    }
  }
}
