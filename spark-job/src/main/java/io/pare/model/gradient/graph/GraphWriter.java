package io.pare.model.gradient.graph;

import io.pare.model.NodeAttributes;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Writes operators as its operator set has them and gives the names of what they compute. The same
 * calls give the same nodes; constants of the same value are written once. Not thread-safe.
 */
public final class GraphWriter {
  private static final int SLICE_TAKES_INPUTS = 10;
  private static final int PAD_TAKES_INPUTS = 11;
  private static final int SUM_AND_SPLIT_TAKE_INPUTS = 13;
  private static final int REDUCTIONS_TAKE_INPUTS = 18;

  private final long opset;
  private final Set<String> names;
  private final String prefix;
  private final List<Onnx.NodeProto> nodes = new ArrayList<>();
  private final Map<String, String> constantNames = new LinkedHashMap<>();
  private final List<Onnx.TensorProto> constants = new ArrayList<>();
  private int written;

  /**
   * A writer of tensors under names of its own.
   *
   * @param names in use, to be extended
   */
  public GraphWriter(long opset, Set<String> names) {
    this.opset = opset;
    this.names = names;
    String free = "grad";
    while (startsAny(names, free)) {
      free += "_";
    }
    this.prefix = free;
  }

  private static boolean startsAny(Set<String> names, String prefix) {
    return names.stream().anyMatch(name -> name.startsWith(prefix + "."));
  }

  public long opset() {
    return opset;
  }

  public List<Onnx.NodeProto> nodes() {
    return nodes;
  }

  public List<Onnx.TensorProto> constants() {
    return constants;
  }

  /** A name that is not in use: {@code base}, or {@code base} and the least number that helps. */
  public String fresh(String base) {
    String name = base;
    for (int i = 2; !names.add(name); i++) {
      name = base + "_" + i;
    }
    return name;
  }

  private String next(String operator) {
    return prefix + "." + written++ + "." + operator;
  }

  /** An operator with one output. */
  public String write(String operator, List<String> inputs, Onnx.AttributeProto... attributes) {
    return write(operator, 1, inputs, attributes).get(0);
  }

  /** An operator with some outputs. */
  public List<String> write(
      String operator, int outputs, List<String> inputs, Onnx.AttributeProto... attributes) {
    List<String> results = IntStream.range(0, outputs).mapToObj(i -> next(operator)).toList();
    nodes.add(
        Onnx.NodeProto.newBuilder()
            .setName(results.get(0))
            .setOpType(operator)
            .addAllInput(inputs)
            .addAllOutput(results)
            .addAllAttribute(Arrays.asList(attributes))
            .build());
    return results;
  }

  /** The same tensor under a fresh name, which is returned. */
  public String named(String tensor, String base) {
    String name = fresh(base);
    nodes.add(
        Onnx.NodeProto.newBuilder()
            .setName(name)
            .setOpType("Identity")
            .addInput(tensor)
            .addOutput(name)
            .build());
    return name;
  }

  /** Floats of a type, row-major. */
  public String floats(int type, long[] dims, float... values) {
    String key = "f" + type + Arrays.toString(dims) + Arrays.toString(values);
    return constantNames.computeIfAbsent(
        key,
        absent -> {
          String name = prefix + ".constant." + constants.size();
          constants.add(Tensors.of(name, Onnx.TensorProto.DataType.forNumber(type), dims, values));
          return name;
        });
  }

  public String scalar(int type, double value) {
    return floats(type, new long[0], (float) value);
  }

  /** A vector of indices, sizes or axes. */
  String integers(long... values) {
    return constantNames.computeIfAbsent(
        "i" + Arrays.toString(values),
        absent -> {
          String name = prefix + ".constant." + constants.size();
          constants.add(Tensors.of(name, values));
          return name;
        });
  }

  public String add(String left, String right) {
    return write("Add", List.of(left, right));
  }

  public String subtract(String left, String right) {
    return write("Sub", List.of(left, right));
  }

  public String multiply(String left, String right) {
    return write("Mul", List.of(left, right));
  }

  public String divide(String left, String right) {
    return write("Div", List.of(left, right));
  }

  /** A tensor where a condition holds and zero elsewhere: faster than a choice. */
  public String masked(String condition, String tensor, int type) {
    String mask = write("Cast", List.of(condition), NodeAttributes.number("to", type));
    return multiply(tensor, mask);
  }

  public String where(String condition, String then, String otherwise) {
    return write("Where", List.of(condition, then, otherwise));
  }

  public String greater(String left, String right) {
    return write("Greater", List.of(left, right));
  }

  public String less(String left, String right) {
    return write("Less", List.of(left, right));
  }

  /** An operator of one input and no attribute. */
  public String apply(String operator, String input) {
    return write(operator, List.of(input));
  }

  /** The sum of one tensor or more of the same shape. */
  public String total(List<String> terms) {
    return switch (terms.size()) {
      case 1 -> terms.get(0);
      case 2 -> add(terms.get(0), terms.get(1));
      default -> write("Sum", terms);
    };
  }

  /** The sum over some axes, which stay with a length of 1. */
  public String sum(String input, int... axes) {
    return reduce("ReduceSum", input, SUM_AND_SPLIT_TAKE_INPUTS, axes);
  }

  /** The largest value over some axes, which stay with a length of 1. */
  public String largest(String input, int... axes) {
    return reduce("ReduceMax", input, REDUCTIONS_TAKE_INPUTS, axes);
  }

  private String reduce(String operator, String input, int takesInputs, int... axes) {
    long[] list = Arrays.stream(axes).asLongStream().toArray();
    return opset < takesInputs
        ? write(operator, List.of(input), NodeAttributes.numbers("axes", list))
        : write(operator, List.of(input, integers(list)));
  }

  /** The sum of all values, a scalar. */
  public String sumOfAll(String input) {
    return write("ReduceSum", List.of(input), NodeAttributes.number("keepdims", 0));
  }

  /** The number of values of a tensor as a float of a type. */
  public String count(String input, int type) {
    return write("Cast", List.of(apply("Size", input)), NodeAttributes.number("to", type));
  }

  /** In other dimensions; 0 keeps one, -1 is what remains. */
  public String reshape(String input, long... dims) {
    return write("Reshape", List.of(input, integers(dims)));
  }

  /** In the dimensions of another tensor. */
  public String reshapeLike(String input, String like, long[] dims) {
    long open = Arrays.stream(dims).filter(dim -> dim == TensorShapes.OPEN).count();
    boolean empty = Arrays.stream(dims).anyMatch(dim -> dim == 0);
    return open > 1 || empty
        ? write("Reshape", List.of(input, apply("Shape", like)))
        : reshape(input, dims);
  }

  /** Repeated along axes of length 1 up to the shape of another tensor. */
  public String expandLike(String input, String like, long[] dims) {
    String shape = TensorShapes.isFixed(dims) ? integers(dims) : apply("Shape", like);
    return write("Expand", List.of(input, shape));
  }

  public String transpose(String input, int... order) {
    long[] perm = Arrays.stream(order).asLongStream().toArray();
    return write("Transpose", List.of(input), NodeAttributes.numbers("perm", perm));
  }

  public String gather(String input, int axis, long... indices) {
    return write("Gather", List.of(input, integers(indices)), NodeAttributes.number("axis", axis));
  }

  public String concat(List<String> inputs, int axis) {
    return inputs.size() == 1
        ? inputs.get(0)
        : write("Concat", inputs, NodeAttributes.number("axis", axis));
  }

  public List<String> split(String input, int axis, long... sizes) {
    Onnx.AttributeProto along = NodeAttributes.number("axis", axis);
    return opset < SUM_AND_SPLIT_TAKE_INPUTS
        ? write(
            "Split", sizes.length, List.of(input), along, NodeAttributes.numbers("split", sizes))
        : write("Split", sizes.length, List.of(input, integers(sizes)), along);
  }

  /** So many positions from where it starts, in steps, along some axes. */
  public String slice(String input, int[] axes, long[] starts, long[] counts, long[] steps) {
    if (opset < SLICE_TAKES_INPUTS) {
      String part = input;
      for (int i = 0; i < axes.length; i++) {
        long start = starts[i];
        long step = steps[i];
        long[] at = IntStream.range(0, (int) counts[i]).mapToLong(k -> start + k * step).toArray();
        part = gather(part, axes[i], at);
      }
      return part;
    }
    long[] ends = new long[axes.length];
    for (int i = 0; i < axes.length; i++) {
      ends[i] = starts[i] + (counts[i] - 1) * steps[i] + 1;
    }
    return write(
        "Slice",
        List.of(
            input,
            integers(starts),
            integers(ends),
            integers(Arrays.stream(axes).asLongStream().toArray()),
            integers(steps)));
  }

  /** With zeros around it, or with rows cut off where a number is negative. */
  public String pad(String input, long... pads) {
    if (Arrays.stream(pads).allMatch(pad -> pad == 0)) {
      return input;
    }
    return opset < PAD_TAKES_INPUTS
        ? write("Pad", List.of(input), NodeAttributes.numbers("pads", pads))
        : write("Pad", List.of(input, integers(pads)));
  }
}
