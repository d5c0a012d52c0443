package io.pare.model;

import io.pare.algorithm.structure.Geometry;
import io.pare.model.proto.Onnx;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The shapes of what a network's layers read and write, as far as they are known. Immutable. */
public final class NetworkShapes {
  private final Map<String, long[]> shapes;
  private final Map<String, long[]> doubled;
  private final int images;

  private NetworkShapes(Map<String, long[]> shapes, Map<String, long[]> doubled, int images) {
    this.shapes = Map.copyOf(shapes);
    this.doubled = Map.copyOf(doubled);
    this.images = images;
  }

  /** Nothing is known: for networks that ONNX Runtime cannot run. */
  public static NetworkShapes unknown() {
    return new NetworkShapes(Map.of(), Map.of(), 1);
  }

  /**
   * Shapes that were measured for one batch.
   *
   * @param shapes dimensions by tensor, images first
   * @param images in that batch, at least 1
   */
  public static NetworkShapes of(Map<String, long[]> shapes, int images) {
    return new NetworkShapes(shapes, Map.of(), images);
  }

  /** The same with the shapes for a batch of twice as many images: they tell where images lie. */
  public NetworkShapes withDoubled(Map<String, long[]> measured) {
    return new NetworkShapes(shapes, measured, images);
  }

  /**
   * The tensors whose shapes are worth knowing: what layers read and write, what joins the output
   * of a convolution, what Flatten reads, and the scores of the classes.
   */
  public static Set<String> tensors(OnnxNetwork network) {
    Set<String> tensors = new LinkedHashSet<>();
    network.nodes().stream()
        .filter(LayerFinder::isLayer)
        .forEach(
            node -> {
              tensors.add(node.getInput(0));
              tensors.add(node.getOutput(0));
            });
    network.nodes().stream()
        .filter(node -> OnnxNetwork.isStandard(node, "Conv"))
        .forEach(node -> AdditionFinder.summand(network, node).ifPresent(tensors::add));
    network.nodes().stream()
        .filter(node -> OnnxNetwork.isStandard(node, "Flatten"))
        .forEach(node -> tensors.add(node.getInput(0)));
    tensors.add(network.outputName());
    tensors.removeIf(tensor -> network.producer(tensor).isEmpty());
    return tensors;
  }

  /** The shape of a tensor for one batch. */
  public Optional<long[]> of(String tensor) {
    return Optional.ofNullable(shapes.get(tensor));
  }

  /**
   * How many classes a network tells apart: the values of its first output for one image, where
   * that is a vector; else what it declares.
   */
  public OptionalInt classes(OnnxNetwork network) {
    Optional<long[]> scores = of(network.outputName()).filter(shape -> shape.length >= 2);
    if (scores.isEmpty()) {
      return network.classes();
    }
    long values = Arrays.stream(scores.get()).skip(1).reduce(1, Math::multiplyExact);
    return values == scores.get()[1]
        ? OptionalInt.of(Math.toIntExact(values))
        : OptionalInt.empty();
  }

  /** The maps of a convolution; of more than two axes, the last are the columns. */
  Geometry convolution(Onnx.NodeProto node) {
    Optional<long[]> in = of(node.getInput(0)).filter(shape -> shape.length >= 3);
    Optional<long[]> out = of(node.getOutput(0)).filter(shape -> shape.length >= 3);
    if (in.isEmpty() || out.isEmpty()) {
      return Geometry.UNKNOWN;
    }
    return new Geometry(
        rows(in.get()),
        Math.toIntExact(in.get()[in.get().length - 1]),
        rows(out.get()),
        Math.toIntExact(out.get()[out.get().length - 1]),
        OnnxNetwork.isStandard(node, "ConvTranspose"));
  }

  private static int rows(long[] shape) {
    return Math.toIntExact(
        Arrays.stream(shape, 2, shape.length - 1).reduce(1, Math::multiplyExact));
  }

  /**
   * How many vectors of one image follow each other in a tensor of vectors, before those of the
   * next image come: all of them where images are the first axis. Attention often has the tokens
   * first and then the images.
   *
   * @param positions vectors of one image
   */
  int vectorRun(String tensor, int positions) {
    Optional<long[]> one = of(tensor);
    Optional<long[]> two = Optional.ofNullable(doubled.get(tensor));
    if (one.isEmpty() || two.isEmpty() || one.get().length != two.get().length) {
      return positions;
    }
    long run = 1;
    for (int axis = one.get().length - 2; axis >= 0; axis--) {
      run *= one.get()[axis];
      if (one.get()[axis] != two.get()[axis]) {
        return Math.toIntExact(Math.max(1, run / images));
      }
    }
    return positions;
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
