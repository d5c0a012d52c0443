package io.pare.testing;

import static io.pare.testing.ModelBuilder.ints;
import static io.pare.testing.ModelBuilder.number;
import static io.pare.testing.ModelBuilder.real;

import io.pare.model.Tensors;
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
}
