package io.pare.stage.layers;

import io.pare.algorithm.statistics.DrawnBlock;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.stage.network.NetworkOnExecutors;
import io.pare.stage.spark.Iterators;
import java.util.Iterator;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction2;
import scala.Tuple2;

/**
 * Samples on the executors: partition p holds the blocks of layer group p in the order of the data
 * set.
 *
 * @param blocks sorted within each partition
 * @param network that they are drawn with; must outlive them
 * @param partitions number of layer groups
 */
public record LayerSamples(
    JavaPairRDD<SampleKey, DrawnBlock> blocks, NetworkOnExecutors network, int partitions) {

  /**
   * The samples with what the activations behind the original layers read for them.
   *
   * @param outputs of the same groups, partition by partition
   */
  JavaRDD<PairedBlock> pairedWith(JavaRDD<SampleBlock> outputs) {
    return outputs.zipPartitions(blocks, new PairBlocks());
  }

  /** Draws them all now: they stay in shuffle files, of which the first partition alone is read. */
  public void draw() {
    blocks.context().setJobDescription("draw samples of " + partitions + " layer groups");
    blocks.isEmpty();
  }

  /** Frees the network that they are drawn with; the samples must not be used afterwards. */
  public void release() {
    network.release();
  }

  private static final class PairBlocks
      implements FlatMapFunction2<
          Iterator<SampleBlock>, Iterator<Tuple2<SampleKey, DrawnBlock>>, PairedBlock> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<PairedBlock> call(
        Iterator<SampleBlock> outputs, Iterator<Tuple2<SampleKey, DrawnBlock>> drawn) {
      return Iterators.mapping(
          outputs,
          output -> {
            DrawnBlock block = drawn.next()._2();
            return new PairedBlock(output, block.inputs(), block.summand());
          });
    }
  }
}
