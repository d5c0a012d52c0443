package io.pare.model;

import io.pare.InputException;
import io.pare.algorithm.Geometry;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The shapes of what a network's layers read and write, measured by running it once on zeros: that
 * works with every operator that ONNX Runtime has, however the shapes come about. Immutable.
 */
public final class NetworkShapes {
  private final Map<String, long[]> shapes;
  private final int images;

  private NetworkShapes(Map<String, long[]> shapes, int images) {
    this.shapes = Map.copyOf(shapes);
    this.images = images;
  }

  /** Nothing is known: for networks that ONNX Runtime cannot run. */
  public static NetworkShapes unknown() {
    return new NetworkShapes(Map.of(), 1);
  }

  /**
   * Runs the network once.
   *
   * @throws InputException if ONNX Runtime cannot run it on such an image, with its reason
   */
  public static NetworkShapes measure(OnnxNetwork network, InputShape image) {
    Set<String> tensors = new LinkedHashSet<>();
    network.nodes().stream()
        .filter(LayerFinder::isLayer)
        .forEach(
            node -> {
              tensors.add(node.getInput(0));
              tensors.add(node.getOutput(0));
            });
    tensors.removeIf(tensor -> network.producer(tensor).isEmpty());
    if (tensors.isEmpty()) {
      return unknown();
    }
    byte[] probe = network.withOutputs(tensors).toBytes();
    try (InferenceSession session = InferenceSession.open(probe, 1, OptimizationLevel.BASIC)) {
      Map<String, long[]> shapes = session.shapes(image);
      int images = network.fixedBatch().orElse(1);
      shapes.put(network.inputName(), image.batch(images));
      return new NetworkShapes(shapes, images);
    }
  }

  /** The shape of a tensor for one batch. */
  Optional<long[]> of(String tensor) {
    return Optional.ofNullable(shapes.get(tensor));
  }

  /** The maps of a two-dimensional convolution. */
  Geometry convolution(String input, String output) {
    Optional<long[]> in = of(input).filter(shape -> shape.length == 4);
    Optional<long[]> out = of(output).filter(shape -> shape.length == 4);
    if (in.isEmpty() || out.isEmpty()) {
      return Geometry.UNKNOWN;
    }
    return new Geometry(
        Math.toIntExact(in.get()[2]),
        Math.toIntExact(in.get()[3]),
        Math.toIntExact(out.get()[2]),
        Math.toIntExact(out.get()[3]));
  }

  /** One row of as many positions as a matrix product has vectors for each image. */
  Geometry fullyConnected(String output) {
    Optional<long[]> shape = of(output);
    if (shape.isEmpty()) {
      return Geometry.UNKNOWN;
    }
    long vectors = 1;
    for (int i = 0; i < shape.get().length - 1; i++) {
      vectors *= shape.get()[i];
    }
    int positions = Math.toIntExact(Math.max(1, vectors / images));
    return new Geometry(1, positions, 1, positions);
  }
}
