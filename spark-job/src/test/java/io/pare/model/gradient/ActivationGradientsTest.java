package io.pare.model.gradient;

import static io.pare.testing.ModelBuilder.floats;
import static io.pare.testing.ModelBuilder.real;
import static io.pare.testing.ModelBuilder.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.pare.model.proto.Onnx;
import io.pare.testing.ModelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every activation at many points away from its folds. */
class ActivationGradientsTest {
  private static final int POINTS = 80;

  /** An operator, its operator set, and where it is tried. */
  private static Arguments at(
      String operator, long opset, double from, double to, Onnx.AttributeProto... attributes) {
    return Arguments.of(operator, opset, from, to, List.of(attributes));
  }

  static Stream<Arguments> activations() {
    return Stream.of(
        at("Relu", 17, -3, 3),
        at("Relu", 9, -3, 3),
        at("LeakyRelu", 17, -3, 3),
        at("LeakyRelu", 17, -3, 3, real("alpha", 0.3f)),
        at("ThresholdedRelu", 17, -3, 3, real("alpha", 0.4f)),
        at("Clip", 9, -8, 8, real("min", 0), real("max", 6)),
        at("Clip", 10, -8, 8, real("max", 2)),
        at("Elu", 17, -3, 3),
        at("Elu", 17, -3, 3, real("alpha", 0.6f)),
        at("Selu", 17, -3, 3),
        at("Celu", 17, -3, 3),
        at("Celu", 17, -3, 3, real("alpha", 1.7f)),
        at("Sigmoid", 17, -5, 5),
        at("HardSigmoid", 17, -6, 6),
        at("HardSigmoid", 17, -6, 6, real("alpha", 0.3f), real("beta", 0.4f)),
        at("Tanh", 17, -3, 3),
        at("HardSwish", 17, -6, 6),
        at("Mish", 18, -5, 5),
        at("Gelu", 20, -4, 4),
        at("Gelu", 20, -4, 4, text("approximate", "tanh")),
        at("Softplus", 17, -5, 5),
        at("Softsign", 17, 0.2, 5),
        at("Softsign", 17, -5, -0.2),
        at("Erf", 17, -2.5, 2.5),
        at("Exp", 17, -2, 2),
        at("Log", 17, 0.4, 4),
        at("Sqrt", 17, 0.4, 4),
        at("Neg", 17, -3, 3),
        at("Abs", 17, -3, 3),
        at("Reciprocal", 17, 0.5, 3),
        at("Identity", 17, -3, 3),
        at("Dropout", 9, -3, 3));
  }

  @ParameterizedTest
  @MethodSource("activations")
  void everyActivation(
      String operator, long opset, double from, double to, List<Onnx.AttributeProto> attributes) {
    ModelBuilder model =
        points(opset, from, to)
            .node(
                operator,
                "y",
                List.of("x"),
                List.of("y"),
                attributes.toArray(Onnx.AttributeProto[]::new))
            .output("y", -1, 1, 1, POINTS);
    GradientCheck.assertGradients(model, "shift");
  }

  /** Every point learns by itself: the images are zero times what they are. */
  private static ModelBuilder points(long opset, double from, double to) {
    float[] points = new float[POINTS];
    for (int i = 0; i < POINTS; i++) {
      double point = from + (to - from) * (i + 0.5) / POINTS;
      points[i] = (float) awayFromFolds(point);
    }
    return ModelBuilder.seeded(3)
        .opset(opset)
        .input("images", -1, 1, 1, POINTS)
        .initializer(floats("shift", new long[] {1, 1, 1, POINTS}, points))
        .initializer(floats("zero", new long[0], 0))
        .node("Mul", "nothing", List.of("images", "zero"), List.of("nothing"))
        .add("x", "nothing", "shift");
  }

  /** No fold of any activation here is closer than the widest step of the differences. */
  private static double awayFromFolds(double point) {
    double moved = point;
    for (double fold : new double[] {0, 0.4, 2, 6, 3, -3, 2.5, -2.5, 2, -4.0 / 3}) {
      if (Math.abs(point - fold) < 0.06) {
        moved = fold + (point < fold ? -0.06 : 0.06);
      }
    }
    return moved;
  }

  @ParameterizedTest
  @MethodSource("exponents")
  void powersWithAConstantExponent(float[] exponents, long[] dims, double from, double to) {
    ModelBuilder model =
        points(17, from, to)
            .initializer(floats("power", dims, exponents))
            .node("Pow", "y", List.of("x", "power"), List.of("y"))
            .output("y", -1, 1, 1, POINTS);
    GradientCheck.assertGradients(model, "shift");
  }

  static Stream<Arguments> exponents() {
    float[] many = new float[POINTS];
    for (int i = 0; i < POINTS; i++) {
      many[i] = 0.5f + i * 0.03f;
    }
    long[] scalar = {};
    return Stream.of(
        Arguments.of(new float[] {2}, scalar, -2, 2),
        Arguments.of(new float[] {3}, scalar, -2, 2),
        Arguments.of(new float[] {0.5f}, scalar, 0.5, 2),
        Arguments.of(new float[] {-1.5f}, scalar, 0.5, 2),
        Arguments.of(many, new long[] {POINTS}, 0.5, 2));
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void clipsBetweenBoundsThatAreInputs(List<String> inputs) {
    ModelBuilder model =
        points(13, -8, 8)
            .initializer(floats("low", new long[0], 0))
            .initializer(floats("high", new long[0], 6))
            .node("Clip", "y", inputs, List.of("y"))
            .output("y", -1, 1, 1, POINTS);
    GradientCheck.assertGradients(model, "shift");
  }

  static Stream<List<String>> bounds() {
    return Stream.of(
        List.of("x", "low", "high"), List.of("x", "", "high"), List.of("x", "low"), List.of("x"));
  }

  @ParameterizedTest
  @MethodSource("slopes")
  void parametricSlopesAreLearnedToo(long[] dims) {
    ModelBuilder model =
        ModelBuilder.seeded(9)
            .input("images", -1, 3, 2, 4)
            .weights("shift", 1, 3, 2, 4)
            .add("x", "images", "shift")
            .weights("slope", dims)
            .node("PRelu", "y", List.of("x", "slope"), List.of("y"))
            .output("y", -1, 3, 2, 4);
    GradientCheck.assertGradients(model, "slope");
  }

  static Stream<long[]> slopes() {
    return Stream.of(new long[] {3, 1, 1}, new long[] {1}, new long[] {3, 2, 4});
  }

  @ParameterizedTest
  @MethodSource("steps")
  void stepsHaveNoGradientAndStopNobody(String operator) {
    List<String> wanted = new ArrayList<>(List.of("shift"));
    ModelBuilder model =
        points(17, -3, 3)
            .node(operator, "step", List.of("x"), List.of("step"))
            .node("Mul", "y", List.of("x", "step"), List.of("y"))
            .output("y", -1, 1, 1, POINTS);
    try (GradientCheck check = GradientCheck.open(model, wanted, GradientCheck.values(), 2)) {
      assertThat(check.gradients().stops()).isEmpty();
      assertThat(check.run().get(check.gradients().gradients().get("shift")).values())
          .isNotEqualTo(new float[POINTS]);
    }
  }

  static Stream<String> steps() {
    return Stream.of("Floor", "Ceil", "Sign", "Round");
  }
}
