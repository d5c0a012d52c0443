package io.pare.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.inference.TensorData;
import io.pare.model.proto.Onnx;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class OnnxNetworkTest {
  private static ModelBuilder twoConvolutions(long... input) {
    return ModelBuilder.seeded(5)
        .input("x", input)
        .conv("a", "x", 8, 3, 3)
        .relu("r", "a")
        .conv("b", "r", 8, 8, 3)
        .output("b", -1, 8, -1, -1);
  }

  @Test
  void openSizesAreTheCallersToGive() {
    OnnxNetwork network = Networks.read(twoConvolutions(-1, 3, -1, -1));
    assertThat(network.inputShape(OptionalInt.of(32), OptionalInt.of(48)))
        .isEqualTo(new InputShape(3, 32, 48, InputShape.Layout.NCHW));
    assertThatThrownBy(() -> network.inputShape(OptionalInt.of(32), OptionalInt.empty()))
        .isInstanceOf(InputException.class)
        .hasMessage("network input x leaves its width open; give input-size");
  }

  @Test
  void dimensionsThatNoImageHasAreRefused() {
    for (long dim : new long[] {65_537, 1L << 31, 1L << 40, Long.MAX_VALUE}) {
      for (long[] input : new long[][] {{-1, 3, dim, 8}, {-1, 3, 8, dim}, {-1, dim, 8, 8}}) {
        assertThatThrownBy(
                () ->
                    OnnxNetwork.of(ModelBuilder.seeded(1).input("x", input).build())
                        .inputShape(OptionalInt.empty(), OptionalInt.empty()))
            .isInstanceOf(InputException.class)
            .hasMessage("network input x declares a dimension of " + dim + "; the limit is 65536");
      }
    }
  }

  @Test
  void aGivenSizeMayNotContradictTheNetwork() {
    OnnxNetwork network = Networks.read(twoConvolutions(-1, 3, 32, 32));
    assertThatThrownBy(() -> network.inputShape(OptionalInt.of(64), OptionalInt.empty()))
        .hasMessage(
            "network input x takes a height of 32, not the 64 given; give 32 or leave it out");
  }

  @Test
  void aFixedSizeIsLeftOpenForImagesOfAnother() {
    OnnxNetwork network = Networks.read(twoConvolutions(-1, 3, 32, 32));
    OnnxNetwork open = network.forSize(64, 48);

    assertThat(network.forSize(32, 32)).isSameAs(network);
    assertThat(open.inputShape(OptionalInt.of(64), OptionalInt.of(48)))
        .isEqualTo(new InputShape(3, 64, 48, InputShape.Layout.NCHW));
    assertThat(open.fixedBatch()).isEqualTo(network.fixedBatch());
    assertThat(ShapeMeasurement.of(open, new InputShape(3, 64, 48, InputShape.Layout.NCHW)))
        .isNotEqualTo(NetworkShapes.unknown());
  }

  @Test
  void coloursAtTheEndMeanChannelsLast() {
    OnnxNetwork network =
        OnnxNetwork.of(ModelBuilder.seeded(1).input("x", -1, 32, 48, 3).output("x", -1).build());
    assertThat(Networks.image(network))
        .isEqualTo(new InputShape(3, 32, 48, InputShape.Layout.NHWC));
  }

  @Test
  void anInputThatIsNoBatchOfImagesIsRefused() {
    OnnxNetwork words =
        OnnxNetwork.of(ModelBuilder.seeded(1).input("words", -1, 512).output("y", -1).build());
    assertThatThrownBy(() -> Networks.image(words))
        .hasMessage(
            "network input words has 2 dimensions; Pare compresses networks whose input is a batch"
                + " of images (4)");
    OnnxNetwork two =
        OnnxNetwork.of(ModelBuilder.seeded(1).input("l", 1).input("r", 1).output("y", -1).build());
    assertThatThrownBy(two::inputName)
        .hasMessage(
            "the network has 2 inputs [l, r]; Pare compresses networks with one input, a batch of"
                + " images: give the others a value with inputs");
  }

  @Test
  void aProbeComputesItsTensorsAndNothingElse() {
    OnnxNetwork network = Networks.read(twoConvolutions(-1, 3, 12, 12));
    OnnxNetwork probe = network.withOutputs(List.of("a"));
    assertThat(probe.nodes()).extracting(Onnx.NodeProto::getName).containsExactly("a");
    assertThat(probe.model().getGraph().getInitializerList())
        .extracting(Onnx.TensorProto::getName)
        .containsExactly("a.weight", "a.bias");
    assertThat(probe.isOutput("a")).isTrue();
    TensorData first = Networks.run(probe, 2);
    assertThat(first.shape()).containsExactly(2, 8, 10, 10);
    OnnxNetwork both = network.withOutputs(List.of("r", "a", "r"));
    assertThat(both.model().getGraph().getOutputCount()).isEqualTo(2);
    assertThat(Networks.run(both, 2).values())
        .isEqualTo(relu(first.values()))
        .isNotEqualTo(first.values());
  }

  private static float[] relu(float[] values) {
    float[] positive = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      positive[i] = Math.max(0, values[i]);
    }
    return positive;
  }

  @Test
  void aProbeOfTheInputGivesTheImages() {
    OnnxNetwork probe =
        Networks.read(twoConvolutions(-1, 3, 12, 12)).withOutputs(List.of("x", "a"));
    assertThat(Networks.run(probe, 2).shape()).containsExactly(2, 3, 12, 12);
  }

  @Test
  void aProbeOfATensorThatIsNotThereIsRefused() {
    OnnxNetwork network = Networks.read(twoConvolutions(-1, 3, 12, 12));
    assertThatThrownBy(() -> network.withOutputs(List.of("z")))
        .hasMessage("the network has no tensor z");
  }
}
