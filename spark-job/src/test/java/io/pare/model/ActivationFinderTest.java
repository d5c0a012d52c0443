package io.pare.model;

import static io.pare.testing.ModelBuilder.floats;
import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.activation.Activation;
import io.pare.testing.ModelBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActivationFinderTest {
  @Test
  void siluIsFoundInEitherOrder() {
    ModelBuilder left = conv();
    node(left, "Sigmoid", "s", "c");
    node(left, "Mul", "y", "c", "s");
    ModelBuilder right = conv();
    node(right, "Sigmoid", "s", "c");
    node(right, "Mul", "y", "s", "c");
    assertThat(label(left)).isEqualTo("silu");
    assertThat(label(right)).isEqualTo("silu");
  }

  @Test
  void hardSwishIsFoundInAllWritings() {
    ModelBuilder gate = conv();
    gate.node("HardSigmoid", "s", List.of("c"), List.of("s"), ModelBuilder.real("alpha", 1 / 6f));
    node(gate, "Mul", "y", "c", "s");
    ModelBuilder clip = conv();
    node(clip, "Add", "a", "c", "three");
    node(clip, "Clip", "b", "a", "zero", "six");
    node(clip, "Mul", "d", "c", "b");
    node(clip, "Div", "y", "d", "six");
    assertThat(label(gate)).isEqualTo("hard-swish");
    assertThat(label(clip)).isEqualTo("hard-swish");
  }

  @Test
  void geluIsFoundAsErfAndAsTanh() {
    ModelBuilder erf = conv();
    node(erf, "Div", "a", "c", "root");
    node(erf, "Erf", "e", "a");
    node(erf, "Add", "f", "e", "one");
    node(erf, "Mul", "g", "c", "f");
    node(erf, "Mul", "y", "g", "half");
    ModelBuilder tanh = conv();
    node(tanh, "Pow", "p", "c", "three");
    node(tanh, "Mul", "q", "p", "small");
    node(tanh, "Add", "s", "c", "q");
    node(tanh, "Mul", "t", "s", "scale");
    node(tanh, "Tanh", "u", "t");
    node(tanh, "Add", "v", "u", "one");
    node(tanh, "Mul", "w", "half", "c");
    node(tanh, "Mul", "y", "w", "v");
    assertThat(label(erf)).isEqualTo("gelu");
    assertThat(label(tanh)).isEqualTo("gelu-tanh");
  }

  @Test
  void theGateOfASteeperSigmoidIsQuickGelu() {
    ModelBuilder quick = conv().initializer(floats("steep", new long[0], 1.702f));
    node(quick, "Mul", "m", "c", "steep");
    node(quick, "Sigmoid", "s", "m");
    node(quick, "Mul", "y", "c", "s");
    assertThat(label(quick)).isEqualTo("quick-gelu");
  }

  @Test
  void hardSigmoidOfOneFifthIsFoundInItsParts() {
    ModelBuilder hard = conv().initializer(floats("fifth", new long[0], 0.2f));
    node(hard, "Mul", "m", "c", "fifth");
    node(hard, "Add", "a", "m", "half");
    node(hard, "Clip", "y", "a", "zero", "one");
    assertThat(label(hard)).isEqualTo("hard-sigmoid");
  }

  @Test
  void mishIsFoundInItsParts() {
    ModelBuilder mish = conv();
    node(mish, "Softplus", "s", "c");
    node(mish, "Tanh", "t", "s");
    node(mish, "Mul", "y", "c", "t");
    assertThat(label(mish)).isEqualTo("mish");
  }

  @Test
  void slopesByChannelAreTaken() {
    ModelBuilder slopes = conv().initializer(floats("p", new long[] {4, 1, 1}, 0.1f, 0.2f, 0, 1));
    node(slopes, "PRelu", "y", "c", "p");
    assertThat(label(slopes)).isEqualTo("prelu");
  }

  @Test
  void aMaximumCommutesWithWhatNeverFallsAndWithNothingElse() {
    for (String operator : List.of("Relu", "Sigmoid", "Tanh", "Elu", "Selu", "Softplus")) {
      assertThat(label(pooled(operator))).isEqualToIgnoringCase(operator);
    }
    assertThat(label(pooled("LeakyRelu"))).isEqualTo("leaky-relu");
    for (String operator : List.of("HardSwish", "Mish", "Gelu")) {
      assertThat(label(pooled(operator))).isEqualTo("identity");
    }
    ModelBuilder rising = conv().maxPool("m", "c", 2, 2);
    rising.initializer(floats("p", new long[] {4, 1, 1}, 0.1f, 0.2f, 0, 1));
    node(rising, "PRelu", "y", "m", "p");
    ModelBuilder falling = conv().maxPool("m", "c", 2, 2);
    falling.initializer(floats("p", new long[] {4, 1, 1}, 0.1f, -0.2f, 0, 1));
    node(falling, "PRelu", "y", "m", "p");
    assertThat(label(rising)).isEqualTo("prelu");
    assertThat(label(falling)).isEqualTo("identity");
  }

  private static ModelBuilder pooled(String operator) {
    ModelBuilder model = conv().maxPool("m", "c", 2, 2);
    node(model, operator, "y", "m");
    return model;
  }

  private static ModelBuilder conv() {
    return ModelBuilder.seeded(1)
        .input("x", -1, 3, 8, 8)
        .conv("c", "x", 4, 3, 3)
        .initializer(floats("one", new long[0], 1))
        .initializer(floats("half", new long[0], 0.5f))
        .initializer(floats("zero", new long[0], 0))
        .initializer(floats("three", new long[0], 3))
        .initializer(floats("six", new long[0], 6))
        .initializer(floats("root", new long[0], 1.4142135f))
        .initializer(floats("small", new long[0], 0.044715f))
        .initializer(floats("scale", new long[0], 0.7978846f));
  }

  private static void node(ModelBuilder model, String operator, String name, String... inputs) {
    model.node(operator, name, List.of(inputs), List.of(name));
  }

  private static String label(ModelBuilder model) {
    OnnxNetwork network = OnnxNetwork.of(model.output("y", -1, 4, 6, 6).build());
    Activation activation = ActivationFinder.behind(network, "c", 4).activation();
    return activation.label();
  }
}
