package io.pare.stage.layers;

import io.pare.algorithm.statistics.PatchGeometry;
import java.io.Serializable;

/**
 * Where a layer's samples come from and where they go.
 *
 * @param layer index of the layer
 * @param tensor what the layer reads
 * @param summand tensor that joins the layer's output before the activation, of the same shape;
 *     empty where there is none
 * @param firstPartition of its first group; the others follow
 * @param groups of the convolution
 * @param geometry of one group
 * @param convolution whether the tensor is images x channels x positions; otherwise its last
 *     dimension holds the inputs of a fully connected layer
 * @param run vectors of one image that follow each other in the tensor of a fully connected layer
 * @param available output positions of one image
 * @param wanted positions sampled from one image, at least 1
 */
record LayerSampling(
    int layer,
    String tensor,
    String summand,
    int firstPartition,
    int groups,
    PatchGeometry geometry,
    boolean convolution,
    int run,
    int available,
    int wanted)
    implements Serializable {

  /** Samples of one image. */
  int samplesPerImage() {
    return Math.min(available, wanted);
  }

  /** The same, with its partitions elsewhere. */
  LayerSampling withFirstPartition(int partition) {
    return new LayerSampling(
        layer, tensor, summand, partition, groups, geometry, convolution, run, available, wanted);
  }
}
