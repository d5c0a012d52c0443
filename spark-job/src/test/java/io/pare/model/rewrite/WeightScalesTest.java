package io.pare.model.rewrite;

import static io.pare.testing.ModelBuilder.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Factors that learned get even scales, and the network computes the same bits. */
class WeightScalesTest {
  private static final String A = "a.weight";
  private static final String B = "b.weight";
  private static final String C = "c.weight";

  private static OnnxNetwork convolutions() {
    ModelBuilder model =
        ModelBuilder.seeded(3).input("image", -1, 4, 6, 6).output("y", -1, 6, 6, 6);
    model.weights(A, 4, 2, 1, 1).node("Conv", "a", List.of("image", A), List.of("a"), group());
    model.conv("b", "a", 6, 2, 1, group());
    model.weights(C, 6, 6, 1, 1).node("Conv", "y", List.of("b", C), List.of("y"));
    return Networks.read(model);
  }

  private static io.pare.model.proto.Onnx.AttributeProto group() {
    return number("group", 2);
  }

  private static OnnxNetwork products() {
    ModelBuilder model = ModelBuilder.seeded(4).input("image", -1, 5, 1, 1).output("y", -1, 2);
    model.node("Flatten", "f", List.of("image"), List.of("f"));
    model.weights(A, 5, 3).node("MatMul", "a", List.of("f", A), List.of("a"));
    model.gemm("b", "a", 4, 3);
    model.weights(C, 4, 2).node("Gemm", "y", List.of("b", C), List.of("y"));
    return Networks.read(model);
  }

  /** Each tensor times a number of its own for every column, from 1e-3 to 1e3. */
  private static OnnxNetwork skewed(OnnxNetwork network, List<String> names) {
    Map<String, float[]> values = new TreeMap<>();
    for (String name : names) {
      float[] entries = Tensors.floats(network.constant(name).orElseThrow());
      for (int k = 0; k < entries.length; k++) {
        entries[k] *= (float) Math.pow(10, 3 * Math.sin(7.0 * (k % 2) + name.hashCode()));
      }
      values.put(name, entries);
    }
    return TrainableWeights.replaced(network, values);
  }

  private static float[] values(OnnxNetwork network, String name) {
    return Tensors.floats(network.constant(name).orElseThrow());
  }

  private static double norm(float[] values, int... places) {
    return Math.sqrt(Arrays.stream(places).mapToDouble(k -> (double) values[k] * values[k]).sum());
  }

  private static void assertEven(double first, double second) {
    assertThat(first / second).isBetween(0.49, 2.01);
  }

  @Test
  void groupedConvolutionsEndWithinAFactorOfTwoAndTheBitsStay() {
    List<String> names = List.of(A, B, "b.bias", C);
    OnnxNetwork skewed = skewed(convolutions(), names);

    OnnxNetwork even = WeightScales.even(skewed, names);

    assertThat(Networks.run(even, 2).values()).isEqualTo(Networks.run(skewed, 2).values());
    float[] b = values(even, B);
    float[] c = values(even, C);
    for (int q = 0; q < 4; q++) {
      int first = q / 2 * 6 + q % 2;
      assertEven(norm(values(even, A), 2 * q, 2 * q + 1), norm(b, first, first + 2, first + 4));
    }
    for (int q = 0; q < 6; q++) {
      assertEven(norm(b, 2 * q, 2 * q + 1), norm(c, q, 6 + q, 12 + q, 18 + q, 24 + q, 30 + q));
    }
  }

  @Test
  void productsOfEitherLayoutEndWithinAFactorOfTwoAndTheBitsStay() {
    List<String> names = List.of(A, B, "b.bias", C);
    OnnxNetwork skewed = skewed(products(), names);

    OnnxNetwork even = WeightScales.even(skewed, names);

    assertThat(Networks.run(even, 2).values()).isEqualTo(Networks.run(skewed, 2).values());
    for (int q = 0; q < 3; q++) {
      assertEven(
          norm(values(even, A), q, q + 3, q + 6, q + 9, q + 12),
          norm(values(even, B), q, q + 3, q + 6, q + 9));
    }
    for (int q = 0; q < 4; q++) {
      assertEven(
          norm(values(even, B), 3 * q, 3 * q + 1, 3 * q + 2),
          norm(values(even, C), 2 * q, 2 * q + 1));
    }
  }

  @Test
  void aScaleStaysWhereItsWeightsMayNotChangeOrSomethingLiesBetween() {
    OnnxNetwork skewed = skewed(convolutions(), List.of(A, B));
    ModelBuilder between =
        ModelBuilder.seeded(3)
            .input("image", -1, 2, 4, 4)
            .output("y", -1, 2, 4, 4)
            .conv("a", "image", 3, 2, 1)
            .relu("r", "a")
            .conv("y", "r", 2, 3, 1);
    OnnxNetwork separate = Networks.read(between);

    assertThat(WeightScales.even(skewed, List.of(A)).toBytes()).isEqualTo(skewed.toBytes());
    assertThat(WeightScales.even(separate, List.of(A, "a.bias", "y.weight", "y.bias")).toBytes())
        .isEqualTo(separate.toBytes());
  }

  @Test
  void anOutputThatIsZeroStays() {
    OnnxNetwork network = convolutions();
    OnnxNetwork zero = TrainableWeights.replaced(network, Map.of(A, new float[8]));

    OnnxNetwork even = WeightScales.even(zero, List.of(A, B, "b.bias"));

    assertThat(values(even, A)).containsOnly(0);
    assertThat(values(even, B)).isEqualTo(values(network, B));
  }
}
