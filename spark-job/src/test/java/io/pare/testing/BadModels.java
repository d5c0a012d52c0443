package io.pare.testing;

import io.pare.model.proto.Onnx;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Every kind of file that must be refused as a model, each with what its error must say. */
public final class BadModels {
  private BadModels() {}

  /** All of them, in a fixed order. */
  public static List<BadModel> all() {
    return Stream.of(
            BadFiles.all(), BadTensors.all(), BadGraphs.all(), BadWindows.all(), BadWeights.all())
        .flatMap(List::stream)
        .toList();
  }

  /** A small valid network with one layer of each kind that readers check. */
  public static Onnx.ModelProto valid() {
    return ModelBuilder.seeded(7)
        .input("x", -1, 4, 6, 6)
        .conv(
            "conv",
            "x",
            6,
            2,
            3,
            ModelBuilder.ints("kernel_shape", 3, 3),
            ModelBuilder.ints("strides", 1, 1),
            ModelBuilder.ints("dilations", 1, 1),
            ModelBuilder.ints("pads", 1, 1, 1, 1),
            ModelBuilder.number("group", 2))
        .batchNormalization("norm", "conv", 6)
        .relu("relu", "norm")
        .maxPool("pool", "relu", 2, 2)
        .globalAveragePool("mean", "pool")
        .flatten("flat", "mean")
        .gemm("gemm", "flat", 3, 6)
        .output("gemm", -1, 3)
        .build();
  }

  /** The valid network with a change. */
  static BadModel changed(String name, String message, Consumer<Onnx.ModelProto.Builder> change) {
    Onnx.ModelProto.Builder model = valid().toBuilder();
    change.accept(model);
    return new BadModel(name, model.build().toByteArray(), message);
  }

  /** The valid network with a change of one node. */
  static BadModel node(
      String name, String node, String message, Consumer<Onnx.NodeProto.Builder> change) {
    return changed(
        name,
        message,
        model ->
            model.getGraphBuilder().getNodeBuilderList().stream()
                .filter(candidate -> candidate.getName().equals(node))
                .forEach(change));
  }

  /** The valid network with another value of one attribute of a node. */
  static BadModel attribute(
      String name, String node, String message, Onnx.AttributeProto attribute) {
    return node(
        name,
        node,
        message,
        builder -> {
          for (int i = builder.getAttributeCount() - 1; i >= 0; i--) {
            if (builder.getAttribute(i).getName().equals(attribute.getName())) {
              builder.removeAttribute(i);
            }
          }
          builder.addAttribute(attribute);
        });
  }

  /** The valid network with a change of one initializer. */
  static BadModel tensor(
      String name, String tensor, String message, Consumer<Onnx.TensorProto.Builder> change) {
    return changed(
        name,
        message,
        model ->
            model.getGraphBuilder().getInitializerBuilderList().stream()
                .filter(candidate -> candidate.getName().equals(tensor))
                .forEach(change));
  }
}
