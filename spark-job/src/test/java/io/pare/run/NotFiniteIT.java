package io.pare.run;

import static io.pare.testing.ModelBuilder.floats;
import static io.pare.testing.ModelBuilder.ints;
import static io.pare.testing.ModelBuilder.real;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.pare.InputException;
import io.pare.testing.BadInputs;
import io.pare.testing.HandledInputs;
import io.pare.testing.ModelBuilder;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Networks whose values are not finite, for all images or for some. */
class NotFiniteIT {
  @RegisterExtension static final SparkTest SPARK = new SparkTest();

  @TempDir private Path folder;

  @Test
  void aLayerThatWritesInfinitiesIsKeptWithTheReasonAndTheOthersAreCompressed() throws IOException {
    ModelBuilder model = start().initializer(floats("huge", new long[] {}, 3e38f));
    float[] ones = new float[16 * 24];
    java.util.Arrays.fill(ones, 1f);
    byte[] bytes =
        model
            .node("Mul", "blown", List.of("r2", "huge"), List.of("blown"))
            .initializer(floats("ones", new long[] {16, 24, 1, 1}, ones))
            .node("Conv", "infinite", List.of("blown", "ones"), List.of("infinite"))
            .initializer(floats("low", new long[] {}, 0f))
            .initializer(floats("high", new long[] {}, 6f))
            .node("Clip", "clip", List.of("infinite", "low", "high"), List.of("clip"))
            .globalAveragePool("mean", "clip")
            .flatten("flat", "mean")
            .gemm("dense", "flat", 10, 16)
            .output("dense", -1, 10)
            .bytes();
    GoalJobs jobs = new GoalJobs(folder);

    compress(jobs.keys("infinite", bytes, "params=1.2"));

    JsonNode layers = jobs.report("infinite").at("/layers");
    for (JsonNode layer : layers) {
      if (layer.at("/name").asText().equals("infinite")) {
        assertThat(layer.at("/structure").asText()).isEqualTo("keep");
        assertThat(layer.at("/reason").asText())
            .startsWith("its values are not finite for ")
            .endsWith("of 60 images");
        HandledInputs.handled(
            "layer whose values are infinite",
            "the layer is kept, the others are compressed",
            layer.at("/reason").asText());
      } else if (layer.at("/name").asText().equals("wide")) {
        assertThat(layer.at("/structure").asText()).isNotEqualTo("keep");
      }
    }
    assertThat(layers).hasSize(4);
  }

  @Test
  void anOutputThatIsNotFiniteIsRefusedWithTheLayerThatBegins() throws IOException {
    ModelBuilder model = start().initializer(floats("huge", new long[] {}, 3e38f));
    byte[] bytes =
        end(
            model
                .node("Mul", "blown", List.of("r2", "huge"), List.of("blown"))
                .conv("third", "blown", 16, 24, 1)
                .relu("r3", "third"));
    Map<String, String> keys = new GoalJobs(folder).keys("nan", bytes, "params=1.2");

    InputException refused = catchThrowableOfType(InputException.class, () -> compress(keys));

    assertThat(refused.kind().exitCode()).isEqualTo(3);
    assertThat(refused)
        .hasMessageContaining("the output dense is not finite for 60 of 60 images")
        .hasMessageContaining(", as is what layer third ");
    BadInputs.refused(
        "ONNX",
        "network whose output is not finite",
        refused.getMessage().replace(folder.toString(), ""),
        "3");
  }

  @Test
  void imagesThatANetworkCannotTakeCountAsBad() throws IOException {
    byte[] bytes =
        end(
            start()
                .node(
                    "ReduceMean",
                    "brightness",
                    List.of("x"),
                    List.of("brightness"),
                    ints("axes", 1, 2, 3))
                .initializer(floats("least", new long[] {}, -0.6f))
                .node("Sub", "above", List.of("brightness", "least"), List.of("above"))
                .node("Log", "log", List.of("above"), List.of("log"))
                .conv("third", "r2", 16, 24, 1)
                .node("Add", "shifted", List.of("third", "log"), List.of("shifted"))
                .relu("r3", "shifted"));
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys("some", bytes, "params=1.2");
    keys.put("max-bad-images", "0.8");

    compress(keys);

    JsonNode bad = jobs.report("some").at("/badImages");
    assertThat(bad.size()).isBetween(1, 48);
    assertThat(bad.get(0).asText())
        .matches("number \\d+ of those used: values that are not finite inside the network");
    HandledInputs.handled(
        "images for which a logarithm is not finite",
        "they count as bad and are left out",
        bad.get(0).asText());
    keys.put("max-bad-images", "0");
    keys.put("output", jobs.output("none").toString());
    InputException refused = catchThrowableOfType(InputException.class, () -> compress(keys));
    assertThat(refused).hasMessageContaining("is not finite for " + bad.size() + " of 60 images");
  }

  @Test
  void weightsNextToZeroAreNoError() throws IOException {
    float[] tiny = new float[16 * 24];
    java.util.Arrays.fill(tiny, 1e-38f);
    byte[] bytes =
        end(
            start()
                .initializer(floats("tiny", new long[] {16, 24, 1, 1}, tiny))
                .node("Conv", "third", List.of("r2", "tiny"), List.of("third"))
                .node("LeakyRelu", "r3", List.of("third"), List.of("r3"), real("alpha", 0.1f)));
    GoalJobs jobs = new GoalJobs(folder);

    compress(jobs.keys("tiny", bytes, "params=1.2"));

    JsonNode report = jobs.report("tiny");
    assertThat(report.get("seconds").has("check values")).isTrue();
    List<String> reasons = report.findValuesAsText("reason");
    assertThat(reasons).contains("its values are next to zero for all images");

    HandledInputs.handled(
        "weights of 1e-38",
        "layers that read or write values next to zero are kept, the others are compressed",
        reasons.toString());
  }

  private static ModelBuilder start() {
    return ModelBuilder.seeded(21)
        .opset(17)
        .input("x", -1, 3, 28, 28)
        .conv("stem", "x", 12, 3, 3, ints("strides", 2, 2), ints("pads", 1, 1, 1, 1))
        .relu("r1", "stem")
        .conv("wide", "r1", 24, 12, 3, ints("strides", 2, 2), ints("pads", 1, 1, 1, 1))
        .relu("r2", "wide");
  }

  private static byte[] end(ModelBuilder model) {
    return model
        .globalAveragePool("mean", "r3")
        .flatten("flat", "mean")
        .gemm("dense", "flat", 10, 16)
        .output("dense", -1, 10)
        .bytes();
  }

  private static void compress(Map<String, String> keys) {
    keys.put("forms", "low-rank-channel");
    assertThat(GoalJobs.compress(SPARK.context(), keys)).contains("published ");
  }
}
