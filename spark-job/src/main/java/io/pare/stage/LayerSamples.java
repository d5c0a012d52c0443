package io.pare.stage;

import io.pare.algorithm.SampleBlock;
import org.apache.spark.api.java.JavaPairRDD;

/**
 * Samples on the executors: partition p holds the blocks of layer group p in the order of the data
 * set.
 *
 * @param blocks sorted within each partition
 * @param network that they were drawn from
 * @param partitions number of layer groups
 */
public record LayerSamples(
    JavaPairRDD<SampleKey, SampleBlock> blocks, NetworkOnExecutors network, int partitions) {

  /** Frees the network; the samples must not be used afterwards. */
  public void release() {
    network.release();
  }
}
