package io.pare.testing;

import static io.pare.testing.ModelBuilder.number;

import io.pare.model.proto.Onnx;
import java.util.List;

/**
 * Valid ONNX files that must be refused all the same, each with what its error must say: they
 * cannot be run, what they take is too large, or nothing comes out by which a compression is
 * judged.
 */
public final class UnusableModels {
  private static final int INT64 = Onnx.TensorProto.DataType.INT64_VALUE;

  private UnusableModels() {}

  /** All of them, in a fixed order. */
  public static List<BadModel> all() {
    return List.of(
        declared("batch of a million", "declares a dimension of 1000000;", 1_000_000, 3, 8, 8),
        declared("batch beyond 32 bits", "dimension of 4294967296;", 1L << 32, 3, 8, 8),
        declared("batch of the largest long", "of " + Long.MAX_VALUE, Long.MAX_VALUE, 3, 8, 8),
        declared("height beyond 32 bits", "of 1099511627776; the limit", -1, 3, 1L << 40, 8),
        declared("width beyond 32 bits", "of 2147483648; the limit", -1, 3, 8, 1L << 31),
        declared(
            "height times width beyond 32 bits",
            "1 images of 3 x 65536 x 65536 at once take 49152 MiB; at most 1024 are held",
            -1,
            3,
            65_536,
            65_536),
        declared(
            "images of 20,000 x 20,000",
            "1 images of 3 x 20000 x 20000 at once take 4578 MiB; at most 1024 are held",
            -1,
            3,
            20_000,
            20_000),
        declared(
            "batch that fits alone, not with its images",
            "60000 images of 3 x 64 x 64 at once take 2813 MiB; at most 1024 are held",
            60_000,
            3,
            64,
            64),
        new BadModel(
            "channels beyond 32 bits",
            convolution(-1, 1L << 31, 8, 8, 3).output("c", -1, 4, 6, 6).bytes(),
            "takes 3 channels (weights [4, 3, 3, 3], group 1), but its input \"x\" has 2147483648"),
        new BadModel(
            "four channels",
            convolution(-1, 4, 8, 8, 4).output("c", -1, 4, 6, 6).bytes(),
            "takes images of 4 channels"),
        new BadModel(
            "output of whole numbers alone", whole(), "network output whole holds no floats"),
        new BadModel(
            "output without a part for each image",
            convolution(-1, 3, 8, 8, 3)
                .node("ReduceMean", "all", List.of("c"), List.of("all"), number("keepdims", 0))
                .output("all")
                .bytes(),
            "none of its outputs can be compared"),
        new BadModel(
            "operator that the opset lacks",
            ModelBuilder.seeded(5)
                .opset(13)
                .input("x", -1, 3, 8, 8)
                .conv("c", "x", 4, 3, 3)
                .node("Gelu", "g", List.of("c"), List.of("g"))
                .output("g", -1, 4, 6, 6)
                .bytes(),
            "ONNX Runtime cannot run the network: "),
        new BadModel(
            "network that crashes ONNX Runtime",
            OddModels.crash().bytes(),
            "ONNX Runtime crashed (SIGFPE; it was in a process of its own)"));
  }

  private static BadModel declared(String name, String message, long... dims) {
    return new BadModel(
        name,
        convolution(dims[0], dims[1], dims[2], dims[3], 3).output("c", -1, 4, 6, 6).bytes(),
        message);
  }

  private static ModelBuilder convolution(
      long images, long channels, long height, long width, int weights) {
    return ModelBuilder.seeded(4)
        .input("x", images, channels, height, width)
        .conv("c", "x", 4, weights, 3);
  }

  private static byte[] whole() {
    Onnx.ModelProto.Builder model =
        convolution(-1, 3, 8, 8, 3)
            .node("Cast", "whole", List.of("c"), List.of("whole"), number("to", INT64))
            .output("whole", -1, 4, 6, 6)
            .build()
            .toBuilder();
    model
        .getGraphBuilder()
        .getOutputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .setElemType(INT64);
    return model.build().toByteArray();
  }
}
