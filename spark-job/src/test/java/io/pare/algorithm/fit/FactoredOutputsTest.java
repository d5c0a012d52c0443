package io.pare.algorithm.fit;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import java.util.List;
import org.junit.jupiter.api.Test;

class FactoredOutputsTest {
  private static final LayerShape SHAPE = new LayerShape(5, 8, 1, 1);

  @Test
  void theyAreThoseOfTheMatrix() {
    Component low = Component.Factors.of(Form.CHANNEL, normal(2, 8, 1), normal(5, 2, 2));
    Component none = Component.Factors.of(Form.CHANNEL, Matrix.zeros(0, 8), Matrix.zeros(5, 0));
    Component inputs = new Component.KeptInputs(new int[] {1, 4}, normal(5, 2, 3));
    Component filters = new Component.KeptFilters(new int[] {0, 3}, normal(2, 8, 4));
    for (Component other : List.of(inputs, filters, none, new Component.Dense(normal(5, 8, 5)))) {
      Approximation sum = new Approximation(List.of(low, other), normal(1, 5, 6).values());
      Samples samples = new Samples(7, 8, normal(7, 8, 7).floats());

      float[] outputs = FactoredOutputs.of(sum, samples).values();

      float[] expected = samples.transformed(sum.matrix(SHAPE), sum.bias()).values();
      assertThat(outputs).containsExactly(expected, within(1e-4f));
    }
  }

  @Test
  void onlyLargeFullyConnectedLayersNeedThem() {
    assertThat(FactoredOutputs.suit(SHAPE)).isFalse();
    assertThat(FactoredOutputs.suit(new LayerShape(4096, 9216, 1, 1))).isTrue();
    assertThat(FactoredOutputs.suit(new LayerShape(4096, 1024, 3, 3))).isFalse();
  }
}
