package io.pare.model.gradient;

import static io.pare.testing.ModelBuilder.floats;
import static io.pare.testing.ModelBuilder.ints;
import static io.pare.testing.ModelBuilder.number;
import static io.pare.testing.ModelBuilder.real;
import static io.pare.testing.ModelBuilder.text;

import io.pare.model.gradient.graph.WindowTaps;
import io.pare.model.proto.Onnx;
import io.pare.testing.ModelBuilder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arithmetic, pools, reductions, normalisations and moves against central differences. */
class OperatorGradientsTest {
  private static ModelBuilder shifted(long opset) {
    return ModelBuilder.seeded(21)
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
  @CsvSource({
    "Add, 4 1 1",
    "Sub, 4 1 1",
    "Mul, 4 1 1",
    "Div, 4 1 1",
    "Mul, 1",
    "Sub, 6",
    "Mul, 1 1 5 1",
    "Div, 4 5 6",
    "Add, 1 4 5 6",
    "Mul, 1 4 1 6",
    "Sum, 5 6",
    "Mean, 6"
  })
  void arithmeticWithRepeatedAxes(String operator, String dims) {
    float[] values = new float[(int) WindowTaps.product(longs(dims))];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.8f + 0.17f * i % 1.3f;
    }
    String[] wanted = {"shift", "other"};
    ModelBuilder model =
        shifted(17)
            .initializer(floats("other", longs(dims), values))
            .node(operator, "y", List.of("x", "other"), List.of("y"));
    check(model, "y", wanted);
  }

  @ParameterizedTest
  @CsvSource({"Min, 4 1 1", "Max, 6", "Min, 1 1 5 1"})
  void theLesserAndTheGreater(String operator, String dims) {
    float[] values = new float[(int) WindowTaps.product(longs(dims))];
    int middle = values.length / 2;
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.1f + i - middle;
    }
    ModelBuilder model =
        spread(17)
            .initializer(floats("other", longs(dims), values))
            .node(operator, "y", List.of("x", "other"), List.of("y"));
    check(model, "y", "shift", "other");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sub", "Div", "Mul", "Add"})
  void arithmeticWithTheRepeatedTensorFirst(String operator) {
    ModelBuilder model =
        shifted(17)
            .weights("other", 4, 1, 1)
            .node("Exp", "positive", List.of("x"), List.of("positive"))
            .node(operator, "y", List.of("other", "positive"), List.of("y"));
    check(model, "y", "shift", "other");
  }

  @Test
  void aTensorThatIsReadTwiceByOneNode() {
    check(shifted(17).node("Mul", "y", List.of("x", "x"), List.of("y")), "y", "shift");
  }

  @Test
  void choices() {
    ModelBuilder model =
        shifted(17)
            .weights("a", 4, 1, 1)
            .initializer(floats("half", new long[0], 0.5f))
            .node("Greater", "more", List.of("images", "half"), List.of("more"))
            .node("Where", "y", List.of("more", "x", "a"), List.of("y"));
    check(model, "y", "shift", "a");
  }

  @ParameterizedTest
  @CsvSource({
    "17, 2, 2, 0, 1, 0", "17, 3, 2, 0, 1, 0", "17, 3, 2, 1, 1, 0", "17, 3, 1, 1, 1, 0",
    "17, 2, 1, 0, 2, 0", "17, 3, 2, 0, 1, 1", "13, 3, 2, 1, 1, 0", "12, 3, 2, 1, 1, 0",
    "11, 3, 1, 1, 1, 0", "10, 3, 2, 0, 1, 1", "9, 2, 2, 0, 1, 0", "9, 3, 2, 0, 1, 0"
  })
  void maximumPools(long opset, int kernel, int stride, int pad, int dilation, int ceil) {
    ModelBuilder model =
        spread(opset)
            .node(
                "MaxPool",
                "y",
                List.of("x"),
                List.of("y"),
                opset >= 10
                    ? new Onnx.AttributeProto[] {
                      ints("kernel_shape", kernel, kernel),
                      ints("strides", stride, stride),
                      ints("pads", pad, pad, pad, pad),
                      ints("dilations", dilation, dilation),
                      number("ceil_mode", ceil)
                    }
                    : new Onnx.AttributeProto[] {
                      ints("kernel_shape", kernel, kernel), ints("strides", stride, stride)
                    });
    check(model, "y", "shift");
  }

  /** Values so far apart that no step of the differences changes which is the largest. */
  private static ModelBuilder spread(long opset) {
    float[] values = new float[120];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 47 % 120) * 0.2f - 12;
    }
    return ModelBuilder.seeded(21)
        .opset(opset)
        .input("images", -1, 4, 5, 6)
        .initializer(floats("shift", new long[] {1, 4, 5, 6}, values))
        .initializer(floats("little", new long[0], 0.01f))
        .node("Mul", "small", List.of("images", "little"), List.of("small"))
        .add("x", "small", "shift");
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 17})
  void maximumPoolsRightBehindRelu(long opset) {
    ModelBuilder model = spread(opset).relu("relu", "x").maxPool("y", "relu", 3, 2);
    check(model, "y", "shift");
  }

  @Test
  void aReluThatIsReadByMoreThanAPool() {
    ModelBuilder model =
        spread(17)
            .relu("relu", "x")
            .maxPool("pool", "relu", 3, 1)
            .globalAveragePool("mean", "relu")
            .add("y", "pool", "mean");
    check(model, "y", "shift");
  }

  @ParameterizedTest
  @CsvSource({
    "2, 2, 0, 0, 0",
    "3, 2, 1, 1, 0",
    "3, 2, 1, 0, 0",
    "3, 1, 1, 1, 0",
    "3, 1, 1, 0, 0",
    "2, 2, 0, 0, 1",
    "3, 2, 0, 0, 1",
    "2, 3, 0, 1, 0"
  })
  void averagePools(int kernel, int stride, int pad, int withPads, int ceil) {
    ModelBuilder model =
        shifted(17)
            .node(
                "AveragePool",
                "y",
                List.of("x"),
                List.of("y"),
                ints("kernel_shape", kernel, kernel),
                ints("strides", stride, stride),
                ints("pads", pad, pad, pad, pad),
                number("count_include_pad", withPads),
                number("ceil_mode", ceil));
    check(model, "y", "shift");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SAME_UPPER", "SAME_LOWER"})
  void averagePoolsWithAutomaticPads(String pads) {
    ModelBuilder model =
        shifted(17)
            .node(
                "AveragePool",
                "y",
                List.of("x"),
                List.of("y"),
                ints("kernel_shape", 2, 3),
                ints("strides", 2, 2),
                text("auto_pad", pads));
    check(model, "y", "shift");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GlobalAveragePool", "GlobalMaxPool"})
  void globalPools(String operator) {
    ModelBuilder model = spread(17).node(operator, "y", List.of("x"), List.of("y"));
    check(model, "y", "shift");
  }

  @ParameterizedTest
  @CsvSource({
    "ReduceMean, 17, 2 3, 1",
    "ReduceMean, 17, 1, 0",
    "ReduceMean, 17, -1 -2, 0",
    "ReduceMean, 18, 2 3, 0",
    "ReduceSum, 13, 1, 1",
    "ReduceSum, 11, 2 3, 0",
    "ReduceMax, 17, 2 3, 1",
    "ReduceMax, 18, 1, 0",
    "ReduceMin, 17, 3, 0",
    "ReduceL2, 17, 1, 0",
    "ReduceSumSquare, 17, 2 3, 1"
  })
  void reductions(String operator, long opset, String axes, int keep) {
    boolean takesInput = opset >= (operator.equals("ReduceSum") ? 13 : 18);
    ModelBuilder model = spread(opset);
    if (takesInput) {
      model
          .initializer(Indices.of("axes", longs(axes)))
          .node(operator, "y", List.of("x", "axes"), List.of("y"), number("keepdims", keep));
    } else {
      model.node(
          operator,
          "y",
          List.of("x"),
          List.of("y"),
          ints("axes", longs(axes)),
          number("keepdims", keep));
    }
    check(model, "y", "shift");
  }

  @ParameterizedTest
  @CsvSource({
    "Softmax, 17, 1",
    "Softmax, 17, -1",
    "Softmax, 11, 1",
    "Softmax, 9, 2",
    "LogSoftmax, 17, 1",
    "LogSoftmax, 11, 2"
  })
  void softmax(String operator, long opset, int axis) {
    ModelBuilder model =
        shifted(opset).node(operator, "y", List.of("x"), List.of("y"), number("axis", axis));
    check(model, "y", "shift");
  }

  @Test
  void batchNormalization() {
    check(shifted(17).batchNormalization("y", "x", 4), "y", "shift", "y.scale", "y.bias");
  }

  @ParameterizedTest
  @CsvSource({"3, 0.9, 0.75, 1", "5, 2, 0.5, 2", "1, 0.5, 1, 1.5"})
  void localResponseNormalization(int size, float alpha, float beta, float bias) {
    ModelBuilder model =
        shifted(17)
            .node(
                "LRN",
                "y",
                List.of("x"),
                List.of("y"),
                number("size", size),
                real("alpha", alpha),
                real("beta", beta),
                real("bias", bias));
    check(model, "y", "shift");
  }

  @ParameterizedTest
  @MethodSource("resizes")
  void resizing(List<Onnx.AttributeProto> attributes, float[] scales, long opset) {
    ModelBuilder model =
        shifted(opset)
            .initializer(floats("scales", new long[] {4}, scales))
            .initializer(floats("roi", new long[] {0}))
            .node(
                opset == 9 ? "Upsample" : "Resize",
                "y",
                opset > 10 ? List.of("x", "roi", "scales") : List.of("x", "scales"),
                List.of("y"),
                attributes.toArray(Onnx.AttributeProto[]::new));
    check(model, "y", "shift");
  }

  static Stream<Arguments> resizes() {
    float[] twice = {1, 1, 2, 2};
    float[] odd = {1, 1, 1.7f, 0.6f};
    return Stream.of(
        Arguments.of(List.of(text("mode", "nearest")), twice, 9),
        Arguments.of(List.of(text("mode", "linear")), twice, 9),
        Arguments.of(List.of(text("mode", "nearest")), twice, 10),
        Arguments.of(List.of(text("mode", "linear")), twice, 17),
        Arguments.of(List.of(text("mode", "linear")), odd, 17),
        Arguments.of(List.of(text("mode", "nearest")), odd, 17),
        Arguments.of(transformation("nearest", "asymmetric", "floor"), odd, 17),
        Arguments.of(transformation("nearest", "asymmetric", "ceil"), odd, 13),
        Arguments.of(transformation("nearest", "half_pixel", "round_prefer_ceil"), odd, 11),
        Arguments.of(transformation("linear", "align_corners", "floor"), odd, 17),
        Arguments.of(transformation("linear", "pytorch_half_pixel", "floor"), odd, 17),
        Arguments.of(transformation("linear", "asymmetric", "floor"), odd, 18));
  }

  private static List<Onnx.AttributeProto> transformation(
      String mode, String coordinates, String rounding) {
    return List.of(
        text("mode", mode),
        text("coordinate_transformation_mode", coordinates),
        text("nearest_mode", rounding));
  }

  @Test
  void resizingToSizes() {
    ModelBuilder model =
        ModelBuilder.seeded(2)
            .input("images", 2, 4, 5, 6)
            .weights("shift", 1, 4, 5, 6)
            .add("x", "images", "shift")
            .initializer(Indices.of("sizes", 2, 4, 7, 9))
            .node(
                "Resize", "y", List.of("x", "", "", "sizes"), List.of("y"), text("mode", "linear"));
    check(model, "y", "shift");
  }
}
