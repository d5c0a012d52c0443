package io.pare.model;

import io.pare.algorithm.structure.Geometry;
import io.pare.model.proto.Onnx;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

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
   * of a convolution, what Flatten reads, what Softmax writes and the outputs.
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
    network.nodes().stream()
        .filter(node -> node.getOpType().endsWith("Softmax") && OnnxNetwork.isStandard(node))
        .forEach(node -> tensors.add(node.getOutput(0)));
    tensors.addAll(network.floatOutputs());
    tensors.removeIf(tensor -> network.producer(tensor).isEmpty());
    return tensors;
  }

  /** The values of one image in all tensors whose shapes are known. */
  public long valuesPerImage() {
    return shapes.values().stream()
            .mapToLong(dims -> Arrays.stream(dims).reduce(1, Math::multiplyExact))
            .sum()
        / images;
  }

  /** The shape of a tensor for one batch. */
  public Optional<long[]> of(String tensor) {
    return Optional.ofNullable(shapes.get(tensor));
  }

  /**
   * The axis of a tensor along which images follow one another: the one that grows with their
   * number, the first where only one number was tried. Empty where the tensor is the same for any
   * number, and where more than one axis grows.
   */
  public OptionalInt imageAxis(String tensor) {
    Optional<long[]> one = of(tensor).filter(dims -> dims.length > 0);
    Optional<long[]> two = Optional.ofNullable(doubled.get(tensor));
    if (one.isEmpty()) {
      return OptionalInt.empty();
    }
    if (two.isEmpty() || two.get().length != one.get().length) {
      return one.get()[0] % images == 0 ? OptionalInt.of(0) : OptionalInt.empty();
    }
    int[] growing =
        IntStream.range(0, one.get().length)
            .filter(axis -> one.get()[axis] != two.get()[axis])
            .toArray();
    return growing.length == 1 && two.get()[growing[0]] == 2 * one.get()[growing[0]]
        ? OptionalInt.of(growing[0])
        : OptionalInt.empty();
  }

  /** The dimensions of the part of one image in a tensor whose images lie along an axis. */
  public long[] ofOneImage(String tensor, int imageAxis) {
    long[] dims = shapes.get(tensor).clone();
    dims[imageAxis] /= images;
    return dims;
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
