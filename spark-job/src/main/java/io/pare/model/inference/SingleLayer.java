package io.pare.model.inference;

import io.pare.algorithm.activation.Activation;
import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Geometry;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.RandomApproximation;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Window;
import io.pare.model.Convolution;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import io.pare.model.NetworkShapes;
import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import io.pare.model.rewrite.ModelRewriter;
import io.pare.model.rewrite.Replacement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A layer as a network of its own, with its activation, random weights and feature maps of its own
 * size; written in other structures by the same {@link ModelRewriter} as the whole network.
 */
final class SingleLayer {
  private static final long SEED = 20190718;
  private static final String NAME = "layer";

  /** The first operator set in which Clip takes its bounds as inputs, and all else is the same. */
  private static final int OPSET = 13;

  private static final int IR_VERSION = 7;
  private static final Onnx.TensorProto.DataType FLOAT = Onnx.TensorProto.DataType.FLOAT;

  private final Layer layer;
  private final long[] dims;
  private final OnnxNetwork network;

  /**
   * Builds the network.
   *
   * @throws IllegalArgumentException if the layer's geometry is not known
   */
  SingleLayer(Layer layer, int batch) {
    if (!layer.geometry().isKnown()) {
      throw new IllegalArgumentException(
          "layer " + layer.name() + " cannot be timed: the size of its feature maps is not known");
    }
    this.layer = layer;
    this.dims = dims(layer, batch);
    this.network = build(layer, dims);
  }

  /** The dimensions of its input. */
  long[] dims() {
    return dims.clone();
  }

  /** The layer in a structure, all groups alike. */
  OnnxNetwork network(Structure structure) {
    if (!(structure instanceof Structure.Sum sum)) {
      return network;
    }
    Layer alone = NetworkLayers.of(network, NetworkShapes.unknown()).named(NAME).orElseThrow();
    Approximation random = RandomApproximation.of(layer.shape(), sum, new Random(SEED));
    List<Approximation> groups =
        IntStream.range(0, layer.groups()).mapToObj(group -> random).toList();
    return ModelRewriter.rewrite(network, List.of(new Replacement(alone, groups)), Map.of());
  }

  private static long[] dims(Layer layer, int batch) {
    Geometry geometry = layer.geometry();
    int channels = layer.groups() * layer.shape().inputChannels();
    return switch (layer.operator()) {
      case CONV, CONV_TRANSPOSE ->
          LongStream.concat(
                  LongStream.of(batch, channels),
                  layer.window().axes().stream().mapToLong(Window.Axis::size))
              .toArray();
      case GEMM -> new long[] {batch * geometry.inputPositions(), channels};
      case MATMUL -> new long[] {batch, geometry.inputPositions(), channels};
    };
  }

  private static OnnxNetwork build(Layer layer, long[] dims) {
    LayerShape shape = layer.shape();
    Random random = new Random(SEED);
    long outputs = (long) layer.groups() * shape.outputs();
    Onnx.GraphProto.Builder graph = Onnx.GraphProto.newBuilder().setName(NAME);
    graph.addInput(value("x", dims));
    Onnx.NodeProto.Builder node =
        Onnx.NodeProto.newBuilder()
            .setName(NAME)
            .setOpType(layer.operator().onnx())
            .addInput("x")
            .addInput("weight")
            .addOutput("y");
    switch (layer.operator()) {
      case CONV, CONV_TRANSPOSE -> {
        Convolution convolution = new Convolution(layer.window(), "NOTSET");
        node.addInput("bias").addAllAttribute(convolution.attributes(layer.groups()));
        graph.addInitializer(constant("weight", random, kernel(layer, outputs)));
        graph.addInitializer(constant("bias", random, outputs));
      }
      case GEMM -> {
        node.addInput("bias").addAttribute(NodeAttributes.number("transB", 1));
        graph.addInitializer(constant("weight", random, outputs, shape.columns()));
        graph.addInitializer(constant("bias", random, outputs));
      }
      case MATMUL -> graph.addInitializer(constant("weight", random, shape.columns(), outputs));
    }
    graph.addNode(node);
    activate(graph, layer.activation());
    graph.addOutput(Onnx.ValueInfoProto.newBuilder().setName(output(layer.activation())));
    return OnnxNetwork.of(
        Onnx.ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setVersion(OPSET))
            .setGraph(graph)
            .build());
  }

  private static long[] kernel(Layer layer, long outputs) {
    long channels = layer.shape().inputChannels();
    LongStream maps =
        layer.window().transposed()
            ? LongStream.of(layer.groups() * channels, layer.shape().outputs())
            : LongStream.of(outputs, channels);
    return LongStream.concat(maps, layer.window().axes().stream().mapToLong(Window.Axis::taps))
        .toArray();
  }

  /**
   * A clamp may be fused with its layer; other functions take the same time behind any structure.
   */
  private static boolean isTimed(Activation activation) {
    return activation instanceof Clamp && !activation.isIdentity();
  }

  private static String output(Activation activation) {
    return isTimed(activation) ? "z" : "y";
  }

  private static void activate(Onnx.GraphProto.Builder graph, Activation activation) {
    if (!(isTimed(activation) && activation instanceof Clamp clamp)) {
      return;
    }
    Onnx.NodeProto.Builder node = Onnx.NodeProto.newBuilder().addInput("y").addOutput("z");
    if (activation.equals(Clamp.RELU)) {
      graph.addNode(node.setOpType("Relu"));
      return;
    }
    graph.addInitializer(Tensors.of("low", FLOAT, new long[0], bound(clamp.low())));
    graph.addInitializer(Tensors.of("high", FLOAT, new long[0], bound(clamp.high())));
    graph.addNode(node.setOpType("Clip").addInput("low").addInput("high"));
  }

  private static float[] bound(double value) {
    return new float[] {(float) value};
  }

  private static Onnx.TensorProto constant(String name, Random random, long... dims) {
    long elements = 1;
    for (long dim : dims) {
      elements = Math.multiplyExact(elements, dim);
    }
    float[] values = new float[Math.toIntExact(elements)];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return Tensors.of(name, FLOAT, dims, values);
  }

  private static Onnx.ValueInfoProto value(String name, long[] dims) {
    Onnx.TensorShapeProto.Builder shape = Onnx.TensorShapeProto.newBuilder();
    for (long dim : dims) {
      shape.addDim(Onnx.TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
    }
    Onnx.TypeProto.Tensor.Builder tensor =
        Onnx.TypeProto.Tensor.newBuilder().setElemType(FLOAT.getNumber()).setShape(shape);
    return Onnx.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(Onnx.TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
