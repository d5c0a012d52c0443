package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.InputException;
import io.pare.config.EvaluationConfig;
import io.pare.config.Settings;
import io.pare.model.proto.Onnx;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Sample;
import io.pare.testing.SharedMaterial;
import io.pare.testing.SparkTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class EvaluationJobIT {
  private static final String SAMPLE = "torchvision,resize=none,crop=none,mean=0.5,std=0.5";
  private static final String CIFAR = "torchvision,resize=none,crop=none";

  private static final int CLASSES = 10;
  private static final int OUTPUTS = 1001;

  @RegisterExtension static final SparkTest SPARK = new SparkTest();

  @TempDir private Path folder;

  @Test
  void theSampleHasTheAccuracyThatWasMeasuredWhenItWasMade() throws IOException {
    JsonNode result = evaluate(sample("model.onnx"), Optional.empty());

    assertThat(result.at("/accuracy/top1").asInt()).isEqualTo(928);
    assertThat(result.at("/accuracy/top5").asInt()).isEqualTo(1000);
    assertThat(result.at("/accuracy/loss").asDouble()).isBetween(0.1, 0.4);
    assertThat(result.at("/accuracy/agreement").isNull()).isTrue();
    assertThat(result.at("/reference").isNull()).isTrue();
    assertThat(result.at("/configuration/batch-size").asText()).isEqualTo("16");
  }

  @Test
  void aNetworkAgreesWithItselfWhollyAndWithoutDivergence() throws IOException {
    JsonNode result = evaluate(sample("model.onnx"), Optional.of(Sample.file("model.onnx")));

    assertThat(result.at("/accuracy/agreement").asDouble()).isEqualTo(1.0);
    assertThat(result.at("/accuracy/divergence").asDouble()).isZero();
    assertThat(result.at("/reference/accuracy/top1").asInt()).isEqualTo(928);
    assertThat(result.at("/reference/sha256")).isEqualTo(result.at("/sha256"));
  }

  @Test
  void aNetworkOfAnotherShapeIsNoReference() throws IOException {
    Path other = folder.resolve("other.onnx");
    Files.write(
        other,
        ModelBuilder.seeded(1)
            .input("x", -1, 3, 28, 28)
            .globalAveragePool("mean", "x")
            .flatten("flat", "mean")
            .gemm("gemm", "flat", 7, 3)
            .output("gemm", -1, 7)
            .bytes());

    assertThatThrownBy(() -> evaluate(sample("model.onnx"), Optional.of(other.toString())))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("gemm (7 classes)")
        .hasMessageContaining("logits (10 classes)")
        .hasMessageContaining("cannot be compared");
  }

  /** As Pillow and ONNX Runtime measure it in Python: 191 and 249. */
  @Test
  void squeezenetKnowsAsManyPhotographsAsInPython() throws IOException {
    Path data = SharedMaterial.require("data/imagenet-sample");
    JsonNode result =
        evaluate(
            Map.of(
                "model", SharedMaterial.require("models/squeezenet1.1.onnx").toString(),
                "preprocessing", "torchvision",
                "validation", data.resolve("val").toString(),
                "synsets", data.resolve("synsets.txt").toString()),
            Optional.empty());

    assertThat(result.at("/accuracy/labelled").asInt()).isEqualTo(300);
    assertThat(result.at("/accuracy/top1").asInt()).isCloseTo(191, Offset.offset(2));
    assertThat(result.at("/accuracy/top5").asInt()).isCloseTo(249, Offset.offset(2));
  }

  /** As Pillow and ONNX Runtime measure it in Python: 4,050. */
  @Test
  void resnetKnowsAsManyThumbnailsInATarAsInPython() throws IOException {
    JsonNode result =
        evaluate(
            Map.of(
                "model", SharedMaterial.require("models/resnet20-cifar10.onnx").toString(),
                "preprocessing", CIFAR,
                "validation", SharedMaterial.require("data/cifar10-val.tar").toString()),
            Optional.empty());

    assertThat(result.at("/accuracy/labelled").asInt()).isEqualTo(5000);
    assertThat(result.at("/accuracy/top1").asInt()).isCloseTo(4050, Offset.offset(5));
  }

  /** A thousand classes behind one of background, of which the images show the first ten. */
  @Test
  void theLabelsOfANetworkWithABackgroundClassAreOneHigher() throws IOException {
    Path model = folder.resolve("background.onnx");
    Files.write(model, withBackground(Files.readAllBytes(Sample.path("model.onnx"))));
    List<String> classes = new ArrayList<>(Files.readAllLines(Sample.path("classes.txt")));
    while (classes.size() < OUTPUTS - 1) {
      classes.add("class " + classes.size());
    }
    Path synsets = Files.write(folder.resolve("synsets.txt"), classes);
    Map<String, String> keys = new LinkedHashMap<>(sample("model.onnx"));
    keys.put("model", model.toString());

    keys.put("label-offset", "1");
    assertThat(evaluate(keys, Optional.empty()).at("/accuracy/top1").asInt()).isEqualTo(928);
    keys.put("label-offset", "0");
    assertThat(evaluate(keys, Optional.empty()).at("/accuracy/top1").asInt()).isLessThan(50);
    keys.put("label-offset", "auto");
    assertThat(evaluate(keys, Optional.empty()).at("/accuracy/top1").asInt()).isLessThan(50);
    keys.put("synsets", synsets.toString());
    assertThat(evaluate(keys, Optional.empty()).at("/accuracy/top1").asInt()).isEqualTo(928);
  }

  /** The network with output k at place k + 1 of 1,001, the others never the largest. */
  private static byte[] withBackground(byte[] network) throws IOException {
    Onnx.ModelProto.Builder model = Onnx.ModelProto.parseFrom(network).toBuilder();
    String logits = model.getGraph().getOutput(0).getName();
    float[] weights = new float[OUTPUTS * CLASSES];
    float[] bias = new float[OUTPUTS];
    Arrays.fill(bias, -1000);
    for (int k = 0; k < CLASSES; k++) {
      weights[(k + 1) * CLASSES + k] = 1;
      bias[k + 1] = 0;
    }
    Onnx.GraphProto shifted =
        ModelBuilder.seeded(1)
            .initializer(
                ModelBuilder.floats("shift.weight", new long[] {OUTPUTS, CLASSES}, weights))
            .initializer(ModelBuilder.floats("shift.bias", new long[] {OUTPUTS}, bias))
            .node(
                "Gemm",
                "shift",
                List.of(logits, "shift.weight", "shift.bias"),
                List.of("shifted"),
                ModelBuilder.number("transB", 1))
            .output("shifted", -1, OUTPUTS)
            .graph();
    model
        .getGraphBuilder()
        .addAllInitializer(shifted.getInitializerList())
        .addAllNode(shifted.getNodeList())
        .clearOutput()
        .addAllOutput(shifted.getOutputList());
    return model.build().toByteArray();
  }

  private static Map<String, String> sample(String model) {
    return Map.of(
        "model", Sample.file(model),
        "preprocessing", SAMPLE,
        "validation", Sample.file("validation.parquet"));
  }

  private JsonNode evaluate(Map<String, String> keys, Optional<String> reference)
      throws IOException {
    Path json = folder.resolve("result.json");
    EvaluationConfig config =
        EvaluationConfig.of(
            Settings.of(Optional.empty(), keys), reference, Optional.of(json.toString()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new EvaluationJob(config, new PrintStream(out, true, StandardCharsets.UTF_8))
        .run(SPARK.context());
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("top-1 ", result.at("/accuracy/top1").asText());
    return result;
  }
}
