package io.pare.model.gradient.graph;

import io.pare.model.InputShape;
import io.pare.model.NetworkShapes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.inference.ShapeMeasurement;
import java.util.Arrays;
import java.util.Optional;

/**
 * The shapes of all tensors of a network for images of one size and batches of any: a dimension
 * that differs between two batches depends on the batch and is {@link #OPEN}. Immutable.
 */
public final class TensorShapes {
  /** A dimension that depends on the number of images. */
  public static final long OPEN = -1;

  /** Two sizes of a batch that no dimension of 1 can be mistaken for. */
  static final int FEW = 2;

  static final int MORE = 3;

  private final OnnxNetwork network;
  private final NetworkShapes few;
  private final NetworkShapes more;

  private TensorShapes(OnnxNetwork network, NetworkShapes few, NetworkShapes more) {
    this.network = network;
    this.few = few;
    this.more = more;
  }

  /** Runs the network twice, once where it fixes its batch: then nothing is open. */
  public static TensorShapes measure(OnnxNetwork network, InputShape image) {
    if (network.fixedBatch().isPresent()) {
      NetworkShapes shapes =
          ShapeMeasurement.everywhere(network, image, network.fixedBatch().getAsInt());
      return new TensorShapes(network, shapes, shapes);
    }
    return new TensorShapes(
        network,
        ShapeMeasurement.everywhere(network, image, FEW),
        ShapeMeasurement.everywhere(network, image, MORE));
  }

  /** The dimensions of a tensor, if it is one; to be left as they are. */
  public Optional<long[]> of(String tensor) {
    Optional<long[]> constant = network.constant(tensor).map(Tensors::dims);
    if (constant.isPresent()) {
      return constant;
    }
    Optional<long[]> first = few.of(tensor);
    Optional<long[]> second = more.of(tensor);
    if (first.isEmpty() || second.isEmpty() || first.get().length != second.get().length) {
      return Optional.empty();
    }
    long[] dims = first.get().clone();
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] != second.get()[i]) {
        dims[i] = OPEN;
      }
    }
    return Optional.of(dims);
  }

  /** Whether no dimension depends on the batch. */
  public static boolean isFixed(long[] dims) {
    return Arrays.stream(dims).allMatch(dim -> dim != OPEN);
  }
}
