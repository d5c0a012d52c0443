package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.pare.InputException;
import io.pare.model.OnnxNetwork;
import io.pare.model.proto.Onnx;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.HandledInputs;
import io.pare.testing.Networks;
import io.pare.testing.OddModels;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks that are odd and valid, from the file to the report of a compression. */
class HandledInputsIT {
  @RegisterExtension static final SparkTest SPARK = new SparkTest();

  @TempDir static Path folder;

  private static Map<String, JsonNode> layers;

  @BeforeAll
  static void compressOneOfEachKind() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    compress(jobs.keys("odd", OddModels.everyOddLayer(), "params=1.2"));
    layers = layers(jobs.report("odd"));
    assertThat(layers.get("wide").at("/structure").asText()).isNotEqualTo("keep");
    Networks.run(ModelReader.read("odd", jobs.model("odd"), ExternalData.none()), 2);
  }

  @ParameterizedTest
  @CsvSource({
    "shared initializers (the other reader), second, shares the weights of first and becomes what"
        + " it does",
    "weights in the body of an If, in If, inside the body of If",
    "weights in the body of a Loop, in Loop, inside the body of Loop",
    "quantised weights, quantised, 'already quantised, nothing to do'",
    "depthwise convolution, depthwise, depthwise: one input channel a group"
  })
  void aLayerThatCannotBeCompressedIsKeptWithTheReason(String input, String layer, String reason) {
    JsonNode kept = layers.get(layer);

    assertThat(kept.at("/structure").asText()).isEqualTo("keep");
    assertThat(kept.at("/reason").asText()).isEqualTo(reason);
    assertThat(kept.at("/weightsAfter").asLong()).isEqualTo(kept.at("/weightsBefore").asLong());
    HandledInputs.handled(input, "the layer is kept, the others are compressed", reason);
  }

  @ParameterizedTest
  @CsvSource({
    "shared initializers, first, ''",
    "weights in a Constant node, constant, ''",
    "weights in an input that can be overridden, overridable, ''",
    "a curve as activation, curved, ''"
  })
  void aLayerThatOnlyLooksOddCanBeCompressed(String input, String layer, String note) {
    JsonNode measured = layers.get(layer);

    assertThat(measured.at("/analysis/candidates")).isNotEmpty();
    assertThat(measured.at("/reason").asText()).contains(note);
    HandledInputs.handled(input, "candidates are found for it as for any layer", note);
  }

  @Test
  void aCurveBehindALayerIsFittedAsWhatItIs() {
    assertThat(layers.get("curved").at("/activation").asText()).isEqualTo("sigmoid");
  }

  @Test
  void halfPrecisionStaysHalfPrecision() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    compress(jobs.keys("half", OddModels.inHalfPrecision(GoalJobs.plain()), "params=1.5"));

    Onnx.ModelProto written = Onnx.ModelProto.parseFrom(jobs.model("half"));
    assertThat(written.getGraph().getInitializerList())
        .filteredOn(tensor -> tensor.getDataType() == Onnx.TensorProto.DataType.FLOAT_VALUE)
        .isEmpty();
    assertThat(layers(jobs.report("half")).get("wide").at("/structure").asText())
        .isNotEqualTo("keep");
    HandledInputs.handled("fp16 weights", "compressed, and written as fp16", "");
  }

  @Test
  void aNetworkForAnyBatchHeightAndWidthStaysOne() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    OnnxNetwork any =
        ModelReader.read("any", GoalJobs.plain(), ExternalData.none()).forSize(64, 64);
    Map<String, String> keys = jobs.keys("any", any.toBytes(), "params=1.5");
    assertThatThrownBy(() -> compress(keys))
        .isInstanceOfSatisfying(
            InputException.class,
            e -> {
              assertThat(e.kind().exitCode()).isEqualTo(3);
              assertThat(e).hasMessageContaining("input-size");
              HandledInputs.handled(
                  "dynamic N, height and width, no input-size",
                  "refused before anything is computed, exit code 3",
                  e.getMessage().replace(folder.toString(), ""));
            });

    keys.put("input-size", "28x28");
    compress(keys);

    Onnx.ModelProto written = Onnx.ModelProto.parseFrom(jobs.model("any"));
    assertThat(written.getGraph().getInput(0)).isEqualTo(any.model().getGraph().getInput(0));
    HandledInputs.handled(
        "dynamic N, height and width, input-size=28x28",
        "compressed at that size; the written network takes any, as before",
        "");
  }

  @Test
  void aNetworkThatIsQuantisedAllOverHasNothingToDo() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys("int8", OddModels.quantisedAlone(), "params=1.5");

    assertThatThrownBy(() -> compress(keys))
        .isInstanceOfSatisfying(
            InputException.class,
            e -> {
              assertThat(e.kind().exitCode()).isEqualTo(3);
              assertThat(e).hasMessageContaining("nothing to compress");
              HandledInputs.handled(
                  "quantised network",
                  "nothing to do, exit code 3",
                  e.getMessage().replace(folder.toString(), ""));
            });
    assertThat(Files.exists(jobs.output("int8"))).isFalse();
  }

  private static void compress(Map<String, String> keys) {
    keys.put("forms", "low-rank-channel");
    assertThat(GoalJobs.compress(SPARK.context(), keys)).contains("published ");
  }

  private static Map<String, JsonNode> layers(JsonNode report) {
    Map<String, JsonNode> layers = new TreeMap<>();
    report.at("/layers").forEach(layer -> layers.put(layer.at("/name").asText(), layer));
    return layers;
  }

  @Test
  void namesBeyondSixteenBitsStayInWhatIsPublished() throws IOException {
    Onnx.ModelProto plain = Onnx.ModelProto.parseFrom(GoalJobs.plain());
    Onnx.GraphProto.Builder graph = plain.getGraph().toBuilder();
    graph.getInputBuilder(0).setName("\ud83d\ude00");
    graph.getOutputBuilder(0).setName("dense\ud83d\ude00");
    graph
        .getNodeBuilderList()
        .forEach(
            node -> {
              node.setName(node.getName() + "\ud83d\ude00");
              for (int i = 0; i < node.getInputCount(); i++) {
                boolean weights = node.getInput(i).contains(".");
                node.setInput(
                    i, (node.getInput(i).replace("x", "") + (weights ? "" : "\ud83d\ude00")));
              }
              for (int i = 0; i < node.getOutputCount(); i++) {
                node.setOutput(i, node.getOutput(i) + "\ud83d\ude00");
              }
            });
    GoalJobs jobs = new GoalJobs(folder);

    compress(
        jobs.keys("faces", plain.toBuilder().setGraph(graph).build().toByteArray(), "params=1.5"));

    assertThat(layers(jobs.report("faces"))).containsKey("wide\ud83d\ude00");
    Onnx.GraphProto published = Onnx.ModelProto.parseFrom(jobs.model("faces")).getGraph();
    assertThat(published.getInput(0).getName()).isEqualTo("\ud83d\ude00");
    assertThat(published.getOutput(0).getName()).isEqualTo("dense\ud83d\ude00");
    HandledInputs.handled(
        "names of tensors beyond 16 bits (emoji)",
        "compressed; other names only inside",
        "the published network has its own");
  }
}
