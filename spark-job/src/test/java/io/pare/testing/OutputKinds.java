package io.pare.testing;

import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import java.util.List;

/** Networks for images of 3 x 8 x 8 whose outputs are more than the scores of classes. */
public final class OutputKinds {
  private static final int SIDE = 8;

  private OutputKinds() {}

  /**
   * Boxes and, behind a Softmax, the scores of three classes at 36 places; a map from the middle of
   * the graph, which is read too; and the best classes as integers.
   *
   * @param batch images that it takes, below 0 for any number
   */
  public static OnnxNetwork detector(long batch) {
    return withIntegers(
        ModelBuilder.seeded(11)
            .input("x", batch, 3, SIDE, SIDE)
            .conv("stem", "x", 4, 3, 3)
            .relu("middle", "stem")
            .conv("body", "middle", 12, 4, 3, ModelBuilder.ints("pads", 1, 1, 1, 1))
            .relu("r", "body")
            .conv("box", "r", 4, 12, 1)
            .initializer(Tensors.of("box shape", new long[] {batch, 4, 36}))
            .node("Reshape", "box.flat", List.of("box", "box shape"), List.of("box.flat"))
            .node(
                "Transpose",
                "boxes",
                List.of("box.flat"),
                List.of("boxes"),
                ModelBuilder.ints("perm", 0, 2, 1))
            .conv("class", "r", 3, 12, 3, ModelBuilder.ints("pads", 1, 1, 1, 1))
            .initializer(Tensors.of("class shape", new long[] {batch, 3, 36}))
            .node("Reshape", "class.flat", List.of("class", "class shape"), List.of("class.flat"))
            .node(
                "Transpose",
                "logits",
                List.of("class.flat"),
                List.of("logits"),
                ModelBuilder.ints("perm", 0, 2, 1))
            .node(
                "Softmax",
                "scores",
                List.of("logits"),
                List.of("scores"),
                ModelBuilder.number("axis", -1))
            .node(
                "ArgMax",
                "best",
                List.of("scores"),
                List.of("best"),
                ModelBuilder.number("axis", 2),
                ModelBuilder.number("keepdims", 0))
            .output("boxes", batch, 36, 4)
            .output("scores", batch, 36, 3)
            .output("middle", batch, 4, 6, 6),
        "best");
  }

  /** A network with one more output, of 64 bit integers. */
  public static OnnxNetwork withIntegers(ModelBuilder model, String output) {
    Onnx.ModelProto.Builder open = model.build().toBuilder();
    open.getGraphBuilder()
        .addOutputBuilder()
        .setName(output)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .setElemType(Onnx.TensorProto.DataType.INT64_VALUE);
    return ModelReader.read("test", open.build().toByteArray(), ExternalData.none());
  }
}
