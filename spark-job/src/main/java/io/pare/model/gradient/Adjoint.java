package io.pare.model.gradient;

import static io.pare.model.gradient.graph.TensorShapes.OPEN;

import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.gradient.graph.GraphWriter;
import io.pare.model.proto.Onnx;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One node on the way back: what it read and computed, the gradients of what it computed, and where
 * those of what it read go. Not thread-safe.
 */
final class Adjoint {
  private final Onnx.NodeProto node;
  private final Backpropagation pass;

  Adjoint(Onnx.NodeProto node, Backpropagation pass) {
    this.node = node;
    this.pass = pass;
  }

  Onnx.NodeProto node() {
    return node;
  }

  String operator() {
    return node.getOpType();
  }

  GraphWriter graph() {
    return pass.graph();
  }

  /** Of the network as it was read, which says what its attributes mean. */
  long opset() {
    return pass.network().opset();
  }

  int inputs() {
    return node.getInputCount();
  }

  String input(int index) {
    return node.getInput(index);
  }

  boolean has(int index) {
    return index < node.getInputCount() && !node.getInput(index).isEmpty();
  }

  String output() {
    return node.getOutput(0);
  }

  /** The gradient of the first output. */
  String gradient() {
    return gradient(0)
        .orElseThrow(() -> new IllegalStateException("no gradient of " + node.getName()));
  }

  Optional<String> gradient(int output) {
    return pass.gradient(node.getOutput(output));
  }

  /** Whether the gradient of an input leads to a wanted tensor. */
  boolean wants(int index) {
    return has(index) && pass.needs(input(index));
  }

  /** Hands on the gradient of an input, in its shape. */
  void give(int index, String gradient) {
    pass.contribute(input(index), gradient);
  }

  /** Hands on the gradient of a tensor that is not read by this node, but by one before it. */
  void give(String tensor, String gradient) {
    pass.contribute(tensor, gradient);
  }

  /** The node that wrote an input, if it is of a kind and nothing else sees what it wrote. */
  Optional<Onnx.NodeProto> soleProducer(int index, String operator) {
    return pass.hasGradient(input(index)) || network().soleConsumer(input(index)).isEmpty()
        ? Optional.empty()
        : network()
            .producer(input(index))
            .filter(before -> OnnxNetwork.isStandard(before, operator));
  }

  /**
   * Hands on a gradient in the output's shape, summed over the axes the input was repeated along.
   */
  void giveBroadcast(int index, String gradient) {
    give(index, reduced(gradient, shape(output()), index));
  }

  /** Sums a gradient of some dimensions over the axes that an input was repeated along. */
  String reduced(String gradient, long[] from, int index) {
    long[] to = shape(index);
    int missing = from.length - to.length;
    int[] axes =
        IntStream.range(0, from.length)
            .filter(a -> a < missing || (to[a - missing] == 1 && from[a] != 1))
            .toArray();
    String sum = axes.length == 0 ? gradient : graph().sum(gradient, axes);
    return missing == 0 ? sum : graph().reshapeLike(sum, input(index), to);
  }

  /** Whether the shapes of the first output and of all inputs are known. */
  boolean isMeasured() {
    return Stream.concat(node.getInputList().stream(), Stream.of(output()))
        .filter(tensor -> !tensor.isEmpty())
        .allMatch(tensor -> pass.shapes().of(tensor).isPresent());
  }

  long[] shape(int index) {
    return shape(input(index));
  }

  long[] shape(String tensor) {
    return pass.shapes()
        .of(tensor)
        .orElseThrow(() -> new IllegalStateException("tensor " + tensor + " was not measured"));
  }

  /** The axis that an attribute names, counted from the front. */
  int axis(String attribute, int absent, int rank) {
    return NodeAttributes.fromFront(NodeAttributes.number(node, attribute, absent), rank);
  }

  /** The data type of an input. */
  int type(int index) {
    return pass.types().of(input(index));
  }

  /** The data type of the first output. */
  int type() {
    return pass.types().of(output());
  }

  /** A constant in the type of the first output. */
  String scalar(double value) {
    return graph().scalar(type(), value);
  }

  /** The integers of an input or, before operators took it as one, of an attribute. */
  Optional<long[]> integers(int index, String attribute) {
    if (has(index)) {
      return constant(index).flatMap(Tensors::integers).or(() -> pass.integers().of(input(index)));
    }
    return NodeAttributes.find(node, attribute)
        .map(a -> a.getIntsList().stream().mapToLong(Long::longValue).toArray());
  }

  /** A constant input that no gradient changes. */
  Optional<Onnx.TensorProto> constant(int index) {
    return has(index) && !pass.needs(input(index))
        ? pass.network().constant(input(index))
        : Optional.empty();
  }

  /** The axes of a reduction, counted from the front; all where none are given. */
  Optional<int[]> axes(int index, String attribute, int rank) {
    if (!has(index) && NodeAttributes.find(node, attribute).isEmpty()) {
      return Optional.of(IntStream.range(0, rank).toArray());
    }
    return integers(index, attribute)
        .map(
            list ->
                Arrays.stream(list)
                    .mapToInt(axis -> NodeAttributes.fromFront(axis, rank))
                    .toArray());
  }

  /** The node with the index of each maximum as a second output: the name of that. */
  String indices() {
    return pass.indices(node);
  }

  OnnxNetwork network() {
    return pass.network();
  }

  /** Whether no axis but the first depends on the batch. */
  static boolean isBatch(long[] dims) {
    return dims.length > 0 && Arrays.stream(dims).skip(1).allMatch(dim -> dim != OPEN);
  }
}
