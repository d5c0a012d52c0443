package io.pare.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.proto.Onnx;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.model.rewrite.BatchNormalizationFolding;
import io.pare.model.rewrite.DeadChannels;
import io.pare.model.rewrite.ModelRewriter;
import io.pare.model.rewrite.Replacement;
import io.pare.testing.Networks;
import io.pare.testing.Wire;
import io.pare.testing.ZeroNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What no change touches is written byte for byte as it was read. */
class UntouchedBytesTest {
  private static final int GRAPH = 7;
  private static final int METADATA = 14;
  private static final int NODE = 1;
  private static final int INITIALIZER = 5;

  private static OnnxNetwork read(byte[] bytes) {
    return ModelReader.read("zeros.onnx", bytes, ExternalData.none());
  }

  private static List<String> parts(byte[] message, int number) {
    return Wire.parts(message, number).stream().map(Arrays::toString).toList();
  }

  private static byte[] graph(byte[] model) {
    return Wire.parts(model, GRAPH).get(0);
  }

  @Test
  void zerosAndEmptyTextsThatAFileWritesOutAreWrittenOutAgain() {
    byte[] bytes = ZeroNetwork.withForeignOperator();

    assertThat(read(bytes).toBytes()).isEqualTo(bytes);
  }

  @Test
  void zerosThatAFileLeavesOutAreLeftOutAgain() {
    Onnx.ModelProto.Builder model = read(ZeroNetwork.runnable()).model().toBuilder();
    model.clearModelVersion().clearProducerName();
    model.getGraphBuilder().clearName().getNodeBuilder(0).clearName().clearDomain();
    byte[] bytes = model.build().toByteArray();

    assertThat(bytes).hasSizeLessThan(ZeroNetwork.runnable().length);
    assertThat(read(bytes).toBytes()).isEqualTo(bytes);
  }

  @Test
  void aNetworkWithNothingToFoldStaysAsItIs() {
    byte[] bytes = ZeroNetwork.runnable();

    assertThat(BatchNormalizationFolding.fold(read(bytes)).toBytes()).isEqualTo(bytes);
  }

  @Test
  void aNetworkWhoseLayersAllStayGetsMetadataAndNothingElse() {
    byte[] bytes = ZeroNetwork.runnable();
    OnnxNetwork folded = BatchNormalizationFolding.fold(read(bytes));

    OnnxNetwork rewritten = ModelRewriter.rewrite(folded, List.of(), Map.of("pare.run", "0"));
    byte[] written = withoutDeadChannels(rewritten).toBytes();

    assertThat(graph(written)).isEqualTo(graph(bytes));
    List<String> metadata = new ArrayList<>(parts(bytes, METADATA));
    Wire entry = Wire.message().text(1, "pare.run").text(2, "0");
    metadata.add(Arrays.toString(entry.bytes()));
    assertThat(parts(written, METADATA)).isEqualTo(metadata);
    assertThat(written.length - bytes.length)
        .isEqualTo(Wire.message().part(METADATA, entry).bytes().length);
  }

  @Test
  void aRewrittenLayerLeavesEveryOtherNodeAndTensorAsItWas() {
    byte[] bytes = ZeroNetwork.runnable();
    OnnxNetwork network = read(bytes);
    Layer layer = Networks.layers(network).compressible().get(0);
    Replacement replacement =
        new Replacement(layer, Networks.approximations(layer, List.of("channel"), 1));

    OnnxNetwork rewritten = ModelRewriter.rewrite(network, List.of(replacement), Map.of());
    byte[] written = withoutDeadChannels(rewritten).toBytes();

    Networks.assertSameOutputs(rewritten, rewritten, 1);
    assertThat(layer.name()).isEqualTo("a");
    assertThat(parts(graph(written), NODE)).hasSizeGreaterThan(5);
    for (int number : List.of(NODE, INITIALIZER)) {
      List<String> before = parts(graph(bytes), number);
      // The layer's node and its weights are the first of their kind.
      List<String> others = before.subList(1, before.size());
      assertThat(parts(graph(written), number))
          .containsSubsequence(others)
          .doesNotContain(before.get(0));
    }
    for (int number : List.of(2, 10, 11, 12, 13, 14, 16, 1000)) {
      assertThat(parts(graph(written), number)).isEqualTo(parts(graph(bytes), number)).isNotEmpty();
    }
    for (int number : List.of(2, 3, 6, 8, METADATA)) {
      assertThat(parts(written, number)).isEqualTo(parts(bytes, number)).isNotEmpty();
    }
  }

  private static OnnxNetwork withoutDeadChannels(OnnxNetwork network) {
    NetworkShapes shapes = ShapeMeasurement.of(network, Networks.image(network));
    return DeadChannels.remove(network, shapes, List.of());
  }
}
