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
  void ofTwoLayersThatMeetTheDeeperOneIsFittedBehindTheAdditionAndWaitsForTheOther() {
    ModelBuilder shortcutFirst = stem().conv("short", "r0", 4, 4, 1);
    assertShortcutIsFittedFirst(branch(shortcutFirst).add("s", "short", "c2").relu("y", "s"));
    assertShortcutIsFittedFirst(
        block().conv("short", "r0", 4, 4, 1).add("s", "c2", "short").relu("y", "s"));
  }

  private static void assertShortcutIsFittedFirst(ModelBuilder model) {
    OnnxNetwork network = Networks.read(model.output("y", -1, 4, -1, -1));
    List<Layer> layers = Networks.layers(network).compressible();
    assertThat(named(layers, "c2").summand()).isEqualTo("short");
    assertThat(named(layers, "short").follows()).isEqualTo("identity");
    assertThat(named(layers, "short").note()).contains("fitted later");
    assertThat(LayerLevels.of(network, layers))
        .extracting(level -> level.stream().map(Layer::output).sorted().toList())
        .containsExactly(List.of("c0"), List.of("c1", "short"), List.of("c2"));
  }

  @Test
  void ofTwoLayersOfOneDepthTheLaterOneIsFittedBehindTheAddition() {
    ModelBuilder model =
        stem()
            .conv("left", "r0", 4, 4, 1)
            .conv("right", "r0", 4, 4, 1)
            .add("s", "left", "right")
            .relu("y", "s");
    OnnxNetwork network = Networks.read(model.output("y", -1, 4, -1, -1));
    List<Layer> layers = Networks.layers(network).compressible();
    assertThat(named(layers, "left").follows()).isEqualTo("identity");
    assertThat(named(layers, "right").summand()).isEqualTo("left");
    assertThat(LayerLevels.of(network, layers)).hasSize(3);
  }

  @Test
  void aSummandMayBeWrittenBehindTheLayer() {
    ModelBuilder model =
        block().conv("early", "r0", 4, 4, 1).relu("e", "early").add("s", "c2", "e").relu("y", "s");
    OnnxNetwork network = Networks.read(model.output("y", -1, 4, -1, -1));
    List<Layer> layers = Networks.layers(network).compressible();
    assertThat(named(layers, "c2").summand()).isEqualTo("e");
    assertThat(LayerLevels.of(network, layers))
        .extracting(level -> level.stream().map(Layer::output).sorted().toList())
        .containsExactly(List.of("c0"), List.of("c1", "early"), List.of("c2"));
  }

  @Test
  void aLayerThatStaysIsNotWaitedFor() {
    ModelBuilder model =
        stem()
            .conv("short", "r0", 4, 4, 1)
            .conv("d", "r0", 4, 4, 1)
            .conv(
                "deep",
                "d",
                4,
                1,
                3,
                ModelBuilder.number("group", 4),
                ModelBuilder.ints("pads", 1, 1, 1, 1))
            .add("s", "short", "deep")
            .relu("y", "s");
    assertThat(layer(model, "short").summand()).isEqualTo("deep");
  }

  @Test
  void aLayerIsNeverFittedBehindWhatItsOwnWeightsCompute() {
    ModelBuilder model =
        stem()
            .conv("once", "r0", 4, 4, 1)
            .node("Sigmoid", "other", List.of("r0"), List.of("other"))
            .node("Conv", "twice", List.of("other", "once.weight", "once.bias"), List.of("twice"))
            .relu("t", "twice")
            .add("s", "once", "t")
            .relu("y", "s");
    Layer once = layer(model, "once");
    assertThat(once.sharers()).containsExactly("twice");
    assertThat(once.follows()).isEqualTo("identity");
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

  private static ModelBuilder stem() {
    return ModelBuilder.seeded(1).input("x", -1, 3, 8, 8).conv("c0", "x", 4, 3, 3).relu("r0", "c0");
  }

  private static ModelBuilder branch(ModelBuilder model) {
    return model
        .conv("c1", "r0", 4, 4, 3, ModelBuilder.ints("pads", 1, 1, 1, 1))
        .relu("r1", "c1")
        .conv("c2", "r1", 4, 4, 3, ModelBuilder.ints("pads", 1, 1, 1, 1));
  }

  private static ModelBuilder block() {
    return branch(stem());
  }

  private static Layer layer(ModelBuilder model, String output) {
    OnnxNetwork network = Networks.read(model.output("y", -1, 4, -1, -1));
    return named(Networks.layers(network).compressible(), output);
  }

  private static Layer named(List<Layer> layers, String output) {
    return layers.stream().filter(layer -> layer.output().equals(output)).findFirst().orElseThrow();
  }
}
