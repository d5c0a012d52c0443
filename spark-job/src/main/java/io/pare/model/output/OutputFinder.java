package io.pare.model.output;

import io.pare.InputException;
import io.pare.model.GraphNames;
import io.pare.model.InputShape;
import io.pare.model.NetworkShapes;
import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Finds out what a network's outputs are: scores where a Softmax or LogSoftmax ends the output;
 * else where it is a vector of more than one class for each image that no Sigmoid ends; else where
 * it is a map of more than one channel, not three, and all outputs are such maps of one shape, as
 * those of a network that labels pixels are. All others are values. Not thread-safe.
 */
final class OutputFinder {
  private static final int MAP = 4;
  private static final int COLOURS = 3;

  /** What is no share of one is not compared with others by its softmax. */
  private static final Set<String> SQUASHING = Set.of("Sigmoid", "HardSigmoid", "Tanh");

  /** What these write has a size that depends on values. */
  private static final Set<String> SELECTING =
      Set.of("NonMaxSuppression", "NonZero", "Unique", "Compress");

  private final OnnxNetwork network;
  private final NetworkShapes shapes;
  private final InputShape.Layout layout;
  private final OutputRules rules;
  private final Set<String> selected = new HashSet<>();

  OutputFinder(
      OnnxNetwork network, NetworkShapes shapes, InputShape.Layout layout, OutputRules rules) {
    this.network = network;
    this.shapes = shapes;
    this.layout = layout;
    this.rules = rules;
    for (Onnx.NodeProto node : network.nodes()) {
      boolean selects =
          OnnxNetwork.isStandard(node)
              && SELECTING.contains(node.getOpType())
              && network.constant(node.getInput(0)).isEmpty();
      if (selects || GraphNames.reads(node).stream().anyMatch(selected::contains)) {
        selected.addAll(node.getOutputList());
      }
    }
  }

  /** An output of floats with a part for each image. */
  private static final class Found {
    private final String name;
    private final int imageAxis;
    private final long[] dims;

    Found(String name, int imageAxis, long[] dims) {
      this.name = name;
      this.imageAxis = imageAxis;
      this.dims = dims;
    }

    int after(int axis) {
      return Math.toIntExact(product(axis + 1));
    }

    int size() {
      return Math.toIntExact(product(0));
    }

    private long product(int from) {
      return Arrays.stream(dims).skip(from).reduce(1, Math::multiplyExact);
    }

    NetworkOutput values() {
      return NetworkOutput.of(name, imageAxis, NetworkOutput.NONE, 1, 1, size());
    }

    NetworkOutput scores(int axis) {
      return NetworkOutput.of(
          name, imageAxis, axis, Math.toIntExact(dims[axis]), after(axis), size());
    }
  }

  List<NetworkOutput> find() {
    List<String> names = network.floatOutputs();
    rules.rules().keySet().stream()
        .filter(name -> !names.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw InputException.usage(
                  "outputs names %s, but the outputs that hold floats are %s"
                      .formatted(name, names));
            });
    List<Found> found = new ArrayList<>();
    for (String name : names) {
      if (rules.of(name).filter(rule -> rule.kind() == OutputRules.Kind.NONE).isEmpty()) {
        found(name).ifPresent(found::add);
      }
    }
    boolean alike = found.stream().allMatch(each -> Arrays.equals(each.dims, found.get(0).dims));
    return found.stream().map(each -> decided(each, alike)).toList();
  }

  /** Its dimensions for one image; empty where the images cannot be told from one another. */
  private Optional<Found> found(String name) {
    OptionalInt axis = shapes.imageAxis(name);
    if (axis.isEmpty() || selected.contains(name)) {
      return Optional.empty();
    }
    long[] dims = shapes.ofOneImage(name, axis.getAsInt());
    return Arrays.stream(dims).allMatch(dim -> dim > 0)
        ? Optional.of(new Found(name, axis.getAsInt(), dims))
        : Optional.empty();
  }

  private NetworkOutput decided(Found output, boolean alike) {
    Optional<OutputRules.Rule> rule = rules.of(output.name);
    if (rule.isPresent()) {
      return ruled(output, rule.get());
    }
    Optional<NetworkOutput> ended =
        SoftmaxEnd.of(network, output.name).flatMap(end -> ended(output, end));
    if (ended.isPresent()) {
      return ended.get();
    }
    return classAxis(output, alike).stream()
        .mapToObj(output::scores)
        .findFirst()
        .orElseGet(output::values);
  }

  private NetworkOutput ruled(Found output, OutputRules.Rule rule) {
    if (rule.kind() == OutputRules.Kind.VALUES) {
      return output.values();
    }
    int rank = output.dims.length;
    int axis = NodeAttributes.fromFront(rule.axis(), rank);
    if (axis < 0 || axis >= rank || axis == output.imageAxis || output.dims[axis] < 2) {
      throw InputException.usage(
          "outputs = %s=%s: the output is %s for one image, axis %d the images; the classes must be another axis of at least 2"
              .formatted(output.name, rule, Arrays.toString(output.dims), output.imageAxis));
    }
    return output.scores(axis);
  }

  /** The classes of a Softmax, wherever they lie in the output after it was given a new shape. */
  private Optional<NetworkOutput> ended(Found output, SoftmaxEnd end) {
    OptionalInt images = shapes.imageAxis(end.written());
    if (images.isEmpty()) {
      return Optional.empty();
    }
    long[] dims = shapes.ofOneImage(end.written(), images.getAsInt());
    int[] axes = end.axes(network, dims.length);
    int last = axes[axes.length - 1];
    long classes = IntStream.of(axes).mapToLong(axis -> dims[axis]).reduce(1, Math::multiplyExact);
    long after = Arrays.stream(dims).skip(last + 1L).reduce(1, Math::multiplyExact);
    boolean same = Arrays.equals(dims, output.dims) && images.getAsInt() == output.imageAxis;
    boolean imagesFirst = images.getAsInt() == 0 && output.imageAxis == 0;
    if (classes < 2 || !(same || imagesFirst) || output.size() % (classes * after) != 0) {
      return Optional.empty();
    }
    return Optional.of(
        NetworkOutput.of(
            output.name,
            output.imageAxis,
            NetworkOutput.NONE,
            Math.toIntExact(classes),
            Math.toIntExact(after),
            output.size()));
  }

  private OptionalInt classAxis(Found output, boolean alike) {
    long[] dims = output.dims;
    boolean squashed =
        SoftmaxEnd.last(network, output.name)
            .filter(node -> SQUASHING.contains(node.getOpType()))
            .isPresent();
    if (squashed || output.imageAxis != 0 || dims.length < 2 || dims[0] != 1) {
      return OptionalInt.empty();
    }
    if (dims[1] > 1 && dims[1] == output.size()) {
      return OptionalInt.of(1);
    }
    int channels = layout == InputShape.Layout.NHWC ? MAP - 1 : 1;
    return alike && dims.length == MAP && dims[channels] > 1 && dims[channels] != COLOURS
        ? OptionalInt.of(channels)
        : OptionalInt.empty();
  }
}
