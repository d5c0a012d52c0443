package io.pare.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdditionFinderTest {
  private static final String BEHIND = "relu behind an addition";

  @Test
  void aLayerIsEitherSummandOfItsBlocksInput() {
    assertThat(layer(block().add("s", "c2", "r0").relu("y", "s"), "c2").follows())
        .isEqualTo(BEHIND);
    Layer second = layer(block().add("s", "r0", "c2").relu("y", "s"), "c2");
    assertThat(second.follows()).isEqualTo(BEHIND);
    assertThat(second.summand()).isEqualTo("r0");
  }

  @Test
  void ofTwoLayersThatMeetTheLaterOneIsFittedBehindTheAdditionAndWaitsForTheOther() {
    ModelBuilder model =
        block().conv("short", "r0", 4, 4, 1).add("s", "c2", "short").relu("y", "s");
    OnnxNetwork network = Networks.read(model.output("y", -1, 4, -1, -1));
    List<Layer> layers = Networks.layers(network).compressible();
    assertThat(layers.get(3).summand()).isEqualTo("c2");
    assertThat(layers.get(2).follows()).isEqualTo("identity");
    assertThat(layers.get(2).note()).contains("computed later");
    List<List<Layer>> levels = LayerLevels.of(network, layers);
    assertThat(levels.get(levels.size() - 1)).extracting(Layer::output).containsExactly("short");
  }

  @Test
  void aMaximumMayLieBehindTheAdditionAndNotBeforeIt() {
    ModelBuilder behind = block().add("s", "c2", "r0").maxPool("m", "s", 2, 2).relu("y", "m");
    ModelBuilder before =
        block().maxPool("m", "c2", 2, 2).maxPool("n", "r0", 2, 2).add("s", "m", "n").relu("y", "s");
    assertThat(layer(behind, "c2").follows()).isEqualTo(BEHIND);
    assertThat(layer(before, "c2").follows()).isEqualTo("identity");
  }

  @Test
  void aSummandThatIsBroadcastIsToldApart() {
    ModelBuilder model = block().globalAveragePool("g", "r0").add("s", "c2", "g").relu("y", "s");
    Layer second = layer(model, "c2");
    assertThat(second.follows()).isEqualTo("identity");
    assertThat(second.note()).contains("of another shape");
  }

  @Test
  void aSumThatIsReadElsewhereIsFollowedByNothing() {
    ModelBuilder model = block().add("s", "c2", "r0").relu("r", "s").add("y", "r", "s");
    assertThat(layer(model, "c2").follows()).isEqualTo("identity");
  }

  @Test
  void anOutputThatIsAddedToItselfIsFollowedByNothing() {
    assertThat(layer(block().add("s", "c2", "c2").relu("y", "s"), "c2").follows())
        .isEqualTo("identity");
  }

  private static ModelBuilder block() {
    return ModelBuilder.seeded(1)
        .input("x", -1, 3, 8, 8)
        .conv("c0", "x", 4, 3, 3)
        .relu("r0", "c0")
        .conv("c1", "r0", 4, 4, 3, ModelBuilder.ints("pads", 1, 1, 1, 1))
        .relu("r1", "c1")
        .conv("c2", "r1", 4, 4, 3, ModelBuilder.ints("pads", 1, 1, 1, 1));
  }

  private static Layer layer(ModelBuilder model, String output) {
    OnnxNetwork network = Networks.read(model.output("y", -1, 4, -1, -1));
    return Networks.layers(network).compressible().stream()
        .filter(layer -> layer.output().equals(output))
        .findFirst()
        .orElseThrow();
  }
}
