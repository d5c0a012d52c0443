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
  private static final LayerShape CONNECTED = new LayerShape(50, 200, 1, 1);
  private static final LayerShape KERNEL = new LayerShape(80, 40, 2, 3);

  @Test
  void theyAreThoseOfTheMatrix() {
    Component low = Component.Factors.of(Form.CHANNEL, normal(2, 200, 1), normal(50, 2, 2));
    Component none = Component.Factors.of(Form.CHANNEL, Matrix.zeros(0, 200), Matrix.zeros(50, 0));
    Component inputs = new Component.KeptInputs(new int[] {1, 4}, normal(50, 2, 3));
    Component filters = new Component.KeptFilters(new int[] {0, 3}, normal(2, 200, 4));
    for (Component other :
        List.of(inputs, filters, none, new Component.Dense(normal(50, 200, 5)))) {
      assertThoseOfTheMatrix(CONNECTED, List.of(low, other));
    }
  }

  @Test
  void kernelsOfSeveralTapsAreReadInEveryForm() {
    Component spatial = Component.Factors.of(Form.SPATIAL, normal(7, 80, 1), normal(80, 21, 2));
    Component many = Component.Factors.of(Form.SPATIAL, normal(90, 80, 1), normal(80, 270, 2));
    Component chain =
        Component.Factors.of(Form.CHAIN, normal(7, 80, 1), normal(5, 21, 2), normal(80, 5, 3));
    Component tucker =
        Component.Factors.of(Form.TUCKER, normal(6, 40, 1), normal(5, 36, 2), normal(80, 5, 3));
    Component inputs = new Component.KeptInputs(new int[] {0, 39}, normal(80, 12, 4));
    for (Component component : List.of(spatial, many, chain, tucker)) {
      assertThoseOfTheMatrix(KERNEL, List.of(component));
      assertThoseOfTheMatrix(KERNEL, List.of(component, inputs));
    }
  }

  private static void assertThoseOfTheMatrix(LayerShape shape, List<Component> components) {
    Approximation sum = new Approximation(components, normal(1, shape.outputs(), 6).values());
    Samples samples = new Samples(7, shape.columns(), normal(7, shape.columns(), 7).floats());

    Samples outputs = FactoredOutputs.of(shape, sum).of(new TapSamples(samples));

    Samples expected = samples.transformed(sum.matrix(shape), sum.bias());
    assertThat(outputs.rows()).isEqualTo(7);
    assertThat(outputs.values()).containsExactly(expected.values(), within(2e-3f));
  }
}
