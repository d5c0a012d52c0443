package io.pare.model.gradient;

import static io.pare.testing.ModelBuilder.floats;
import static io.pare.testing.ModelBuilder.ints;
import static io.pare.testing.ModelBuilder.number;

import io.pare.model.proto.Onnx;
import io.pare.testing.ModelBuilder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators that only move values, against central differences. */
class RearrangementGradientsTest {
  private static ModelBuilder shifted(long opset) {
    return ModelBuilder.seeded(23)
        .opset(opset)
        .input("images", -1, 4, 5, 6)
        .weights("shift", 1, 4, 5, 6)
        .add("x", "images", "shift");
  }

  private static void check(ModelBuilder model, String output, String... wanted) {
    GradientCheck.assertGradients(model.output(output), wanted);
  }

  private static long[] longs(String numbers) {
    return Stream.of(numbers.split(" ")).mapToLong(Long::parseLong).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1 20 6", "0 2 10 -1", "-1 4", "0 -1"})
  void reshape(String sizes) {
    ModelBuilder model =
        shifted(17)
            .initializer(Indices.of("sizes", longs(sizes)))
            .node("Reshape", "y", List.of("x", "sizes"), List.of("y"));
    check(model, "y", "shift");
  }

  @Test
  void reshapeToAComputedSize() {
    ModelBuilder model =
        shifted(17)
            .initializer(Indices.of("first", 0))
            .initializer(Indices.of("rest", -1))
            .node("Shape", "shape", List.of("x"), List.of("shape"))
            .node("Gather", "batch", List.of("shape", "first"), List.of("batch"))
            .node("Concat", "sizes", List.of("batch", "rest"), List.of("sizes"), number("axis", 0))
            .node("Reshape", "y", List.of("x", "sizes"), List.of("y"));
    check(model, "y", "shift");
  }

  @Test
  void flattenTransposeSqueezeAndUnsqueeze() {
    ModelBuilder model =
        shifted(11)
            .node("Transpose", "t", List.of("x"), List.of("t"), ints("perm", 0, 2, 3, 1))
            .node("Unsqueeze", "u", List.of("t"), List.of("u"), ints("axes", 1))
            .node("Squeeze", "s", List.of("u"), List.of("s"), ints("axes", 1))
            .flatten("y", "s");
    check(model, "y", "shift");
  }

  @Test
  void squeezeAndUnsqueezeByInputs() {
    ModelBuilder model =
        shifted(17)
            .initializer(Indices.of("at", 2))
            .node("Unsqueeze", "u", List.of("x", "at"), List.of("u"))
            .node("Squeeze", "s", List.of("u", "at"), List.of("s"))
            .node("Transpose", "y", List.of("s"), List.of("y"));
    check(model, "y", "shift");
  }

  @ParameterizedTest
  @CsvSource({"17, 1", "12, 2", "9, -1"})
  void concatenation(long opset, int axis) {
    ModelBuilder model =
        shifted(opset)
            .relu("a", "x")
            .node("Tanh", "b", List.of("x"), List.of("b"))
            .node("Concat", "y", List.of("a", "images", "b"), List.of("y"), number("axis", axis));
    check(model, "y", "shift");
  }

  @ParameterizedTest
  @CsvSource({"17, 1, 1 3", "11, 1, 2 2", "17, 3, 1 5", "18, -1, 4 2"})
  void splitsOfWhichOnePartIsLearnedFrom(long opset, int axis, String sizes) {
    ModelBuilder model = shifted(opset);
    List<String> parts = List.of("first", "y");
    if (opset >= 13) {
      model
          .initializer(Indices.of("sizes", longs(sizes)))
          .node("Split", "split", List.of("x", "sizes"), parts, number("axis", axis));
    } else {
      model.node(
          "Split", "split", List.of("x"), parts, number("axis", axis), ints("split", longs(sizes)));
    }
    check(model, "y", "shift");
  }

  @Test
  void splitsIntoEqualPartsThatMeetAgain() {
    ModelBuilder model =
        shifted(17)
            .node("Split", "split", List.of("x"), List.of("a", "b"), number("axis", 1))
            .node("Mul", "y", List.of("a", "b"), List.of("y"));
    check(model, "y", "shift");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3, 1, 1",
    "0, 100, 2, 1",
    "-3, -1, 3, 1",
    "0, 6, 3, 2",
    "1, 100, 2, 2",
    "-1, -100, 3, -1",
    "4, 0, 2, -2"
  })
  void slices(long start, long end, long axis, long step) {
    ModelBuilder model =
        shifted(17)
            .initializer(Indices.of("start", start))
            .initializer(Indices.of("end", end))
            .initializer(Indices.of("axis", axis))
            .initializer(Indices.of("step", step))
            .node("Slice", "y", List.of("x", "start", "end", "axis", "step"), List.of("y"));
    check(model, "y", "shift");
  }

  @Test
  void slicesAlongSeveralAxesByAttributes() {
    ModelBuilder model =
        shifted(9)
            .node(
                "Slice",
                "y",
                List.of("x"),
                List.of("y"),
                ints("starts", 0, 1, 0, 2),
                ints("ends", 1000, 3, 4, 1000));
    check(model, "y", "shift");
  }

  @ParameterizedTest
  @CsvSource({"1, 0 2", "1, 3 1 0", "1, 2 2 -1 2", "3, 0 5 5 0", "2, 4"})
  void gatheringAlongOneAxis(int axis, String indices) {
    ModelBuilder model =
        shifted(17)
            .initializer(Indices.of("indices", longs(indices)))
            .node("Gather", "y", List.of("x", "indices"), List.of("y"), number("axis", axis));
    check(model, "y", "shift");
  }

  @Test
  void gatheringOneIndexThatIsAScalar() {
    ModelBuilder model =
        shifted(17)
            .initializer(Indices.scalar("index", 2))
            .node("Gather", "y", List.of("x", "index"), List.of("y"), number("axis", 1));
    check(model, "y", "shift");
  }

  @ParameterizedTest
  @CsvSource({"9, 0 0 1 2 0 0 3 0", "17, 0 1 0 2 0 0 1 1", "17, 0 -1 1 0 0 0 -2 0"})
  void paddingWithAConstant(long opset, String pads) {
    ModelBuilder model = shifted(opset);
    if (opset < 11) {
      model.node("Pad", "y", List.of("x"), List.of("y"), ints("pads", longs(pads)));
    } else {
      model
          .initializer(Indices.of("pads", longs(pads)))
          .initializer(floats("one", new long[0], 1))
          .node("Pad", "y", List.of("x", "pads", "one"), List.of("y"));
    }
    check(model, "y", "shift");
  }

  @Test
  void paddingByNumbersThatTheNetworkComputes() {
    ModelBuilder model =
        shifted(17)
            .initializer(Indices.of("half", 0, 1, 0, 0))
            .node("Concat", "pads", List.of("half", "half"), List.of("pads"), number("axis", 0))
            .node("Pad", "y", List.of("x", "pads"), List.of("y"));
    check(model, "y", "shift");
  }

  @Test
  void repetition() {
    ModelBuilder model =
        shifted(17)
            .weights("small", 1, 1, 6)
            .initializer(Indices.of("size", 4, 5, 6))
            .node("Expand", "large", List.of("small", "size"), List.of("large"))
            .node("Mul", "y", List.of("x", "large"), List.of("y"));
    check(model, "y", "shift", "small");
  }

  @Test
  void castsBetweenWidths() {
    ModelBuilder model =
        shifted(17)
            .node(
                "Cast",
                "wide",
                List.of("x"),
                List.of("wide"),
                number("to", Onnx.TensorProto.DataType.DOUBLE_VALUE))
            .node("Tanh", "tanh", List.of("wide"), List.of("tanh"))
            .node(
                "Cast",
                "y",
                List.of("tanh"),
                List.of("y"),
                number("to", Onnx.TensorProto.DataType.FLOAT_VALUE));
    check(model, "y", "shift");
  }

  @Test
  void weightsThatAreRearrangedBeforeUse() {
    ModelBuilder model =
        shifted(17)
            .flatten("flat", "x")
            .weights("w", 3, 120)
            .node("Transpose", "turned", List.of("w"), List.of("turned"))
            .node("MatMul", "y", List.of("flat", "turned"), List.of("y"));
    check(model, "y", "w");
  }
}
