package io.pare.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.pare.model.proto.Onnx;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Networks that nobody exported: valid ones with other bytes, with a piece of another file, with
 * another field, and structures put together at random. The same number gives the same bytes.
 */
public final class AlteredNetworks {
  private static final long[] ODD = {
    0,
    -1,
    1,
    2,
    3,
    5,
    7,
    16,
    64,
    255,
    1000,
    32_767,
    65_536,
    1L << 31,
    (1L << 31) - 1,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private static final List<String> OPERATORS =
      List.of(
          "Relu",
          "Sigmoid",
          "Softmax",
          "Flatten",
          "Identity",
          "Transpose",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "Shape",
          "Size",
          "NonZero",
          "Abs",
          "Log",
          "Sqrt",
          "Exp",
          "ReduceMean",
          "ReduceMax",
          "ArgMax",
          "LRN",
          "DepthToSpace",
          "SpaceToDepth",
          "Squeeze",
          "Dropout",
          "InstanceNormalization",
          "Hardmax",
          "Gelu",
          "NoSuchOperator");

  private static final List<String> ATTRIBUTES =
      List.of("strides", "pads", "dilations", "group", "kernel_shape", "axis", "auto_pad", "perm");

  /** How a network was altered. */
  public enum Kind {
    /** Up to eight bytes are others. */
    BYTES,
    /** A piece is replaced by one of another file. */
    SPLICE,
    /** Up to three fields of the protobuf message are others. */
    FIELDS,
    /** A chain of operators with attributes drawn at random. */
    STRUCTURE
  }

  private final List<byte[]> bases;

  /** Alterations of some valid networks. */
  public AlteredNetworks(List<byte[]> bases) {
    this.bases = List.copyOf(bases);
  }

  /** The kind of a network. */
  public static Kind kind(int number) {
    return Kind.values()[number % Kind.values().length];
  }

  /** The network of a number. */
  public byte[] network(int number) {
    Random random = new Random(number);
    byte[] base = bases.get(random.nextInt(bases.size())).clone();
    return switch (kind(number)) {
      case BYTES -> bytes(base, random);
      case SPLICE -> spliced(base, bases.get(random.nextInt(bases.size())), random);
      case FIELDS -> fields(base, random);
      case STRUCTURE -> structure(random);
    };
  }

  /** Some bytes of a file replaced. */
  public static byte[] bytes(byte[] file, Random random) {
    byte[] changed = file.clone();
    int count = 1 + random.nextInt(8);
    // Half of them where names, attributes and dims are, before most of the weights.
    int within = random.nextBoolean() ? changed.length : Math.min(changed.length, 512);
    for (int k = 0; k < count; k++) {
      changed[random.nextInt(within)] = (byte) random.nextInt(256);
    }
    return changed;
  }

  /** A piece of one file in the place of a piece of another. */
  public static byte[] spliced(byte[] file, byte[] other, Random random) {
    int from = random.nextInt(file.length);
    int to = Math.min(file.length, from + random.nextInt(400));
    int start = random.nextInt(other.length);
    int end = Math.min(other.length, start + random.nextInt(400));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, from);
    out.write(other, start, end - start);
    out.write(file, to, file.length - to);
    return out.toByteArray();
  }

  private static byte[] fields(byte[] base, Random random) {
    try {
      Onnx.ModelProto.Builder model = Onnx.ModelProto.parseFrom(base).toBuilder();
      int count = 1 + random.nextInt(3);
      for (int k = 0; k < count; k++) {
        change(model, random);
      }
      return model.build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("a base is no network", e);
    }
  }

  private static void change(Onnx.ModelProto.Builder model, Random random) {
    Onnx.GraphProto.Builder graph = model.getGraphBuilder();
    Onnx.NodeProto.Builder node = graph.getNodeBuilder(random.nextInt(graph.getNodeCount()));
    switch (random.nextInt(12)) {
      case 0 -> node.setOpType(OPERATORS.get(random.nextInt(OPERATORS.size())));
      case 1 -> attribute(node, random);
      case 2 -> attribute(node, random);
      case 3 -> tensor(graph, random);
      case 4 -> graph.removeNode(random.nextInt(graph.getNodeCount()));
      case 5 -> graph.addNode(random.nextInt(graph.getNodeCount()), node.build());
      case 6 -> input(graph, random);
      case 7 -> reads(graph, node, random);
      case 8 -> model.getOpsetImportBuilder(0).setVersion(odd(random));
      case 9 -> {
        if (node.getInputCount() > 0) {
          List<String> inputs = new ArrayList<>(node.getInputList());
          inputs.remove(random.nextInt(inputs.size()));
          node.clearInput().addAllInput(inputs);
        }
      }
      case 10 ->
          graph
              .getOutputBuilder(0)
              .getTypeBuilder()
              .getTensorTypeBuilder()
              .setElemType(random.nextInt(20));
      default -> node.addOutput("extra " + random.nextInt(3));
    }
  }

  private static void attribute(Onnx.NodeProto.Builder node, Random random) {
    if (node.getAttributeCount() == 0) {
      node.addAttribute(ModelBuilder.ints("kernel_shape", odd(random), odd(random)));
      return;
    }
    Onnx.AttributeProto.Builder attribute =
        node.getAttributeBuilder(random.nextInt(node.getAttributeCount()));
    switch (random.nextInt(4)) {
      case 0 -> attribute.setName(ATTRIBUTES.get(random.nextInt(ATTRIBUTES.size())));
      case 1 -> attribute.setI(odd(random));
      case 2 -> {
        if (attribute.getIntsCount() > 0) {
          attribute.setInts(random.nextInt(attribute.getIntsCount()), odd(random));
        }
      }
      default -> attribute.addInts(odd(random));
    }
  }

  private static void tensor(Onnx.GraphProto.Builder graph, Random random) {
    if (graph.getInitializerCount() == 0) {
      return;
    }
    Onnx.TensorProto.Builder tensor =
        graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount()));
    switch (random.nextInt(4)) {
      case 0 -> tensor.setDataType(random.nextInt(30));
      case 1 -> tensor.addDims(odd(random));
      case 2 -> {
        if (tensor.getDimsCount() > 1) {
          long first = tensor.getDims(0);
          tensor.setDims(0, tensor.getDims(1)).setDims(1, first);
        }
      }
      default -> {
        byte[] raw = tensor.getRawData().toByteArray();
        if (raw.length > 0) {
          raw[random.nextInt(raw.length)] = (byte) random.nextInt(256);
          tensor.setRawData(ByteString.copyFrom(raw));
        }
      }
    }
  }

  private static void input(Onnx.GraphProto.Builder graph, Random random) {
    Onnx.TensorShapeProto.Builder shape =
        graph.getInputBuilder(0).getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
    if (shape.getDimCount() > 0) {
      shape.getDimBuilder(random.nextInt(shape.getDimCount())).setDimValue(odd(random));
    }
  }

  private static void reads(
      Onnx.GraphProto.Builder graph, Onnx.NodeProto.Builder node, Random random) {
    Onnx.NodeProto other = graph.getNode(random.nextInt(graph.getNodeCount()));
    if (node.getInputCount() > 0 && other.getOutputCount() > 0) {
      node.setInput(random.nextInt(node.getInputCount()), other.getOutput(0));
    }
  }

  private static byte[] structure(Random random) {
    int size = 1 + random.nextInt(24);
    ModelBuilder model =
        ModelBuilder.seeded(random.nextInt())
            .opset(9 + random.nextInt(15))
            .input("x", random.nextInt(5) == 0 ? 1 + random.nextInt(4) : -1, 3, size, size);
    String last = "x";
    long channels = 3;
    int nodes = 1 + random.nextInt(6);
    for (int k = 0; k < nodes; k++) {
      String name = "n" + k;
      switch (random.nextInt(7)) {
        case 0, 1 -> {
          long filters = 1L + random.nextInt(20);
          model.conv(
              name,
              last,
              (int) filters,
              (int) (random.nextInt(8) == 0 ? 1 + random.nextInt(5) : channels),
              1 + random.nextInt(5),
              window(random, "strides", 3, 2),
              window(random, "dilations", 2, 2),
              pads(random));
          channels = filters;
        }
        case 2 ->
            model.node(
                "MaxPool",
                name,
                List.of(last),
                List.of(name),
                window(random, "kernel_shape", 4, 2),
                window(random, "strides", 3, 2),
                pads(random),
                ModelBuilder.number("ceil_mode", random.nextInt(2)));
        case 3 ->
            model.node(
                "AveragePool",
                name,
                List.of(last),
                List.of(name),
                window(random, "kernel_shape", 4, 2),
                pads(random));
        case 4 ->
            model
                .weights(name + ".weight", channels, 4, 2, 2)
                .node(
                    "ConvTranspose",
                    name,
                    List.of(last, name + ".weight"),
                    List.of(name),
                    window(random, "strides", 3, 2),
                    pads(random));
        case 5 -> model.concat(name, last, random.nextBoolean() ? last : "x");
        default ->
            model.node(
                OPERATORS.get(random.nextInt(OPERATORS.size())),
                name,
                List.of(last),
                List.of(name));
      }
      last = name;
    }
    return model.output(last, -1, -1, -1, -1).bytes();
  }

  private static Onnx.AttributeProto window(Random random, String name, int most, int axes) {
    long[] values = new long[axes];
    Arrays.setAll(values, k -> 1 + random.nextInt(most));
    return ModelBuilder.ints(name, values);
  }

  private static Onnx.AttributeProto pads(Random random) {
    long[] values = new long[4];
    Arrays.setAll(values, k -> random.nextInt(3));
    return ModelBuilder.ints("pads", values);
  }

  private static long odd(Random random) {
    return ODD[random.nextInt(ODD.length)];
  }
}
