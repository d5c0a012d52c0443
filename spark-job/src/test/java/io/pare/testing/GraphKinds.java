package io.pare.testing;

import static io.pare.testing.ModelBuilder.ints;
import static io.pare.testing.ModelBuilder.number;
import static io.pare.testing.ModelBuilder.real;

import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.List;

/** Networks for images of 3 x 28 x 28, each written in ways that exporters have. */
public final class GraphKinds {
  private static final int SIDE = 28;

  private GraphKinds() {}

  /** Convolutions over one axis and three, a transposed one, and normalisations behind them. */
  public static byte[] axes() {
    return ModelBuilder.seeded(51)
        .input("x", -1, 3, SIDE, SIDE)
        .conv("stem", "x", 8, 3, 3, ints("strides", 4, 4), ints("pads", 1, 1, 1, 1))
        .relu("r1", "stem")
        .initializer(Tensors.of("as signal", new long[] {-1, 8, 49}))
        .node("Reshape", "signals", List.of("r1", "as signal"), List.of("signals"))
        .weights("signal.weight", 16, 8, 5)
        .node(
            "Conv",
            "signal",
            List.of("signals", "signal.weight"),
            List.of("signal"),
            ints("pads", 2, 2))
        .batchNormalization("signal.norm", "signal", 16)
        .relu("r2", "signal.norm")
        .initializer(Tensors.of("as volume", new long[] {-1, 8, 2, 7, 7}))
        .node("Reshape", "volumes", List.of("r2", "as volume"), List.of("volumes"))
        .weights("volume.weight", 12, 8, 2, 3, 3)
        .node(
            "Conv",
            "volume",
            List.of("volumes", "volume.weight"),
            List.of("volume"),
            ints("pads", 0, 1, 1, 1, 1, 1))
        .relu("r3", "volume")
        .initializer(Tensors.of("as maps", new long[] {-1, 24, 7, 7}))
        .node("Reshape", "maps", List.of("r3", "as maps"), List.of("maps"))
        .weights("up.weight", 24, 12, 3, 3)
        .node(
            "ConvTranspose",
            "up",
            List.of("maps", "up.weight"),
            List.of("up"),
            ints("strides", 2, 2),
            ints("pads", 1, 1, 1, 1),
            ints("output_padding", 1, 1))
        .batchNormalization("up.norm", "up", 12)
        .relu("r4", "up.norm")
        .globalAveragePool("mean", "r4")
        .flatten("flat", "mean")
        .gemm("head", "flat", 10, 12)
        .output("head", -1, 10)
        .bytes();
  }

  /**
   * Attention over four tokens, which come before the images; its products of three dimensions with
   * a separate bias, Gemm with alpha and beta, and one output that is read further on.
   *
   * @param batch images in every batch; open where it is negative
   */
  public static byte[] tokens(long batch) {
    ModelBuilder model =
        ModelBuilder.seeded(52)
            .input("x", batch, 3, SIDE, SIDE)
            .conv("patches", "x", 16, 3, 14, ints("strides", 14, 14))
            .initializer(Tensors.of("as tokens", new long[] {batch, 16, 4}))
            .node("Reshape", "flat", List.of("patches", "as tokens"), List.of("flat"))
            .node("Transpose", "tokens", List.of("flat"), List.of("tokens"), ints("perm", 2, 0, 1));
    product(model, "query", "tokens", 16, 16);
    product(model, "key", "tokens", 16, 16);
    return product(model, "value", "tokens", 16, 16)
        .node("Transpose", "q", List.of("query"), List.of("q"), ints("perm", 1, 0, 2))
        .node("Transpose", "k", List.of("key"), List.of("k"), ints("perm", 1, 2, 0))
        .node("Transpose", "v", List.of("value"), List.of("v"), ints("perm", 1, 0, 2))
        .node("MatMul", "scores", List.of("q", "k"), List.of("scores"))
        .node("Softmax", "weights", List.of("scores"), List.of("weights"), number("axis", -1))
        .node("MatMul", "mixed", List.of("weights", "v"), List.of("mixed"))
        .node(
            "ReduceMean",
            "pooled",
            List.of("mixed"),
            List.of("pooled"),
            ints("axes", 1),
            number("keepdims", 0))
        .weights("middle.weight", 16, 24)
        .weights("middle.bias", 24)
        .node(
            "Gemm",
            "middle",
            List.of("pooled", "middle.weight", "middle.bias"),
            List.of("middle"),
            real("alpha", 0.5f),
            real("beta", 2))
        .relu("r", "middle")
        .gemm("head", "r", 10, 24)
        .output("head", batch, 10)
        .output("middle", batch, 24)
        .bytes();
  }

  private static ModelBuilder product(
      ModelBuilder model, String name, String input, int inputs, int outputs) {
    return model
        .weights(name + ".weight", inputs, outputs)
        .weights(name + ".bias", outputs)
        .node("MatMul", name + ".raw", List.of(input, name + ".weight"), List.of(name + ".raw"))
        .add(name, name + ".bias", name + ".raw");
  }

  /** One convolution applied to maps of two sizes, with the same weights and bias. */
  public static byte[] shared() {
    return ModelBuilder.seeded(53)
        .input("x", -1, 3, SIDE, SIDE)
        .conv("stem", "x", 16, 3, 3, ints("strides", 2, 2))
        .relu("r1", "stem")
        .maxPool("small", "r1", 2, 2)
        .conv("head", "r1", 16, 16, 3)
        .node("Conv", "other", List.of("small", "head.weight", "head.bias"), List.of("other"))
        .relu("r2", "head")
        .relu("r3", "other")
        .globalAveragePool("m2", "r2")
        .globalAveragePool("m3", "r3")
        .concat("both", "m2", "m3")
        .flatten("flat", "both")
        .gemm("dense", "flat", 10, 32)
        .output("dense", -1, 10)
        .bytes();
  }

  /**
   * Channels at the end of the input and a Transpose behind it, a normalisation before the first
   * convolution, weights behind Cast, Identity, Reshape and Transpose, a bias of its own, and a
   * product of four dimensions.
   */
  public static byte[] channelsLast() {
    ModelBuilder model =
        ModelBuilder.seeded(54)
            .input("x", -1, SIDE, SIDE, 3)
            .node("Transpose", "maps", List.of("x"), List.of("maps"), ints("perm", 0, 3, 1, 2))
            .batchNormalization("norm", "maps", 3)
            .initializer(halves("stem.half", 16, 3, 3, 3))
            .node(
                "Cast",
                "stem.weight",
                List.of("stem.half"),
                List.of("stem.weight"),
                number("to", 1))
            .node(
                "Conv",
                "stem",
                List.of("norm", "stem.weight"),
                List.of("stem"),
                ints("strides", 2, 2))
            .relu("r1", "stem")
            .weights("square.stored", 24, 16, 3, 3)
            .node("Identity", "square.same", List.of("square.stored"), List.of("square.same"))
            .node(
                "Conv",
                "square",
                List.of("r1", "square.same"),
                List.of("square"),
                ints("strides", 2, 2))
            .weights("square.bias", 24, 1, 1)
            .add("biased", "square", "square.bias")
            .relu("r2", "biased");
    return model
        .node("Transpose", "last", List.of("r2"), List.of("last"), ints("perm", 0, 2, 3, 1))
        .weights("mix.row", 24 * 32)
        .initializer(Tensors.of("as matrix", new long[] {24, 32}))
        .node("Reshape", "mix.weight", List.of("mix.row", "as matrix"), List.of("mix.weight"))
        .node("MatMul", "mix", List.of("last", "mix.weight"), List.of("mix"))
        .relu("r3", "mix")
        .node(
            "ReduceMean",
            "pooled",
            List.of("r3"),
            List.of("pooled"),
            ints("axes", 1, 2),
            number("keepdims", 0))
        .weights("head.turned", 16, 32)
        .node(
            "Transpose",
            "head.weight",
            List.of("head.turned"),
            List.of("head.weight"),
            ints("perm", 1, 0))
        .node("Gemm", "head", List.of("pooled", "head.weight"), List.of("head"))
        .output("head", -1, 16)
        .bytes();
  }

  private static Onnx.TensorProto halves(String name, long... dims) {
    Onnx.TensorProto wide = ModelBuilder.seeded(55).weights(name, dims).graph().getInitializer(0);
    return Tensors.of(name, Onnx.TensorProto.DataType.FLOAT16, dims, Tensors.floats(wide));
  }

  /** A function of the model's own, a second input, and a product whose input is transposed. */
  public static byte[] calls() {
    Onnx.OperatorSetIdProto own =
        Onnx.OperatorSetIdProto.newBuilder().setDomain("own").setVersion(1).build();
    Onnx.FunctionProto block =
        Onnx.FunctionProto.newBuilder()
            .setDomain("own")
            .setName("Block")
            .addAllInput(List.of("in", "weight"))
            .addOutput("out")
            .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setVersion(17))
            .addNode(
                Onnx.NodeProto.newBuilder()
                    .setOpType("Conv")
                    .addAllInput(List.of("in", "weight"))
                    .addOutput("hidden"))
            .addNode(
                Onnx.NodeProto.newBuilder().setOpType("Relu").addInput("hidden").addOutput("out"))
            .build();
    return ModelBuilder.seeded(56)
        .input("x", -1, 3, SIDE, SIDE)
        .input("gain", 1)
        .conv("stem", "x", 16, 3, 3, ints("strides", 2, 2))
        .relu("r1", "stem")
        .weights("block.weight", 24, 16, 3, 3)
        .node(
            Onnx.NodeProto.newBuilder()
                .setOpType("Block")
                .setDomain("own")
                .setName("block")
                .addAllInput(List.of("r1", "block.weight"))
                .addOutput("block")
                .build())
        .globalAveragePool("mean", "block")
        .flatten("flat", "mean")
        .node("Transpose", "turned", List.of("flat"), List.of("turned"), ints("perm", 1, 0))
        .weights("across.weight", 24, 24)
        .node(
            "Gemm",
            "across",
            List.of("turned", "across.weight"),
            List.of("across"),
            number("transA", 1))
        .node("Mul", "louder", List.of("across", "gain"), List.of("louder"))
        .gemm("head", "louder", 10, 24)
        .output("head", -1, 10)
        .build()
        .toBuilder()
        .addOpsetImport(own)
        .addFunctions(block)
        .build()
        .toByteArray();
  }

  /** Blocks of MobileNets: expansion, depthwise convolution, projection; ReLU6 and an addition. */
  public static byte[] mobile() {
    ModelBuilder model =
        ModelBuilder.seeded(57)
            .input("x", -1, 3, SIDE, SIDE)
            .initializer(ModelBuilder.floats("zero", new long[0], 0))
            .initializer(ModelBuilder.floats("six", new long[0], 6))
            .conv("stem", "x", 16, 3, 3, ints("strides", 2, 2), ints("pads", 1, 1, 1, 1));
    block(model, "1", clipped(model, "stem"));
    block(model, "2", "project1");
    return model
        .add("sum", "project1", "project2")
        .globalAveragePool("mean", "sum")
        .flatten("flat", "mean")
        .gemm("head", "flat", 10, 16)
        .output("head", -1, 10)
        .bytes();
  }

  private static void block(ModelBuilder model, String number, String input) {
    model.conv("expand" + number, input, 48, 16, 1);
    model.conv(
        "depthwise" + number,
        clipped(model, "expand" + number),
        48,
        1,
        3,
        number("group", 48),
        ints("pads", 1, 1, 1, 1));
    model.conv("project" + number, clipped(model, "depthwise" + number), 16, 48, 1);
  }

  private static String clipped(ModelBuilder model, String tensor) {
    model.node("Clip", tensor + ".clip", List.of(tensor, "zero", "six"), List.of(tensor + ".clip"));
    return tensor + ".clip";
  }

  /** One channel, two convolutions and a classifier. */
  public static byte[] grey() {
    return ModelBuilder.seeded(58)
        .input("x", -1, 1, SIDE, SIDE)
        .conv("stem", "x", 16, 1, 3, ints("strides", 2, 2))
        .relu("r1", "stem")
        .conv("wide", "r1", 24, 16, 3, ints("strides", 2, 2))
        .relu("r2", "wide")
        .globalAveragePool("mean", "r2")
        .flatten("flat", "mean")
        .gemm("head", "flat", 10, 24)
        .output("head", -1, 10)
        .bytes();
  }
}
