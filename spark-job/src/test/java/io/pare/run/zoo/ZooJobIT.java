package io.pare.run.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.InputException;
import io.pare.config.Settings;
import io.pare.io.HadoopFiles;
import io.pare.report.RunResult;
import io.pare.run.GoalJobs;
import io.pare.testing.FaultMatrix;
import io.pare.testing.FaultyFileSystem;
import io.pare.testing.FaultyFileSystem.Fault;
import io.pare.testing.ModelBuilder;
import io.pare.testing.OddModels;
import io.pare.testing.Sample;
import io.pare.testing.SparkTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A zoo of small models, two of which cannot be compressed. */
class ZooJobIT {
  @RegisterExtension static final SparkTest SPARK = new SparkTest();

  @TempDir private Path folder;

  private final List<String> pools = new CopyOnWriteArrayList<>();
  private final List<String> jobs = new CopyOnWriteArrayList<>();

  @Test
  void failuresStopNoOtherAndTheSecondRunComputesNothing() throws Exception {
    model("first", GoalJobs.plain());
    model("second", GoalJobs.copies());
    model("cut", Arrays.copyOf(GoalJobs.plain(), 900));
    model("empty", nothingToCompress());
    listen();

    model("hangs", OddModels.endlessLoop().bytes());

    RunResult failure = run(Map.of("input-size", "28x28", "trial-seconds", "10"));

    assertThat(failure.exitCode()).isEqualTo(5);
    assertThat(failure.error().orElseThrow())
        .contains("2 of 5 models failed")
        .contains("cut (")
        .contains("hangs (")
        .contains("did not end within trial-seconds = 10");
    assertThat(failure.models()).hasSize(5);
    JsonNode told = new ObjectMapper().readTree(failure.json());
    assertThat(told.at("/models/2/result/after/weights").asLong()).isPositive();
    assertThat(told.at("/models/2/result/sha256/model.onnx").asText()).hasSize(64);
    JsonNode zoo = zoo();
    assertThat(statuses(zoo))
        .containsExactly("failed 3", "skipped 0", "done 0", "failed 3", "done 0");
    assertThat(texts(zoo, "/reached"))
        .containsExactly("read", "validated", "published", "read", "published");
    assertThat(pools).contains("first", "second");
    assertThat(jobs.stream().filter(job -> job.startsWith("prepare images")))
        .as("one data set and one preprocessing are prepared once")
        .hasSize(1);
    assertThat(SPARK.context().sc().getPersistentRDDs().size()).isZero();
    assertThat(out("first").resolve("model.onnx")).exists();
    assertThat(out("first").resolve("report.html")).exists();
    assertThat(folder.resolve("out").toFile().list())
        .containsExactlyInAnyOrder("first", "second", "zoo.json", "zoo-report.html");
    assertThat(Files.readString(folder.resolve("out/zoo-report.html")))
        .contains("href=\"first/report.html\"")
        .contains("cut.onnx")
        .contains("nothing to compress");

    FaultMatrix.held(
        "one bad model in a zoo",
        "among five models a truncated ONNX file, one without end and one without a layer",
        "statuses and exit codes in zoo.json: " + statuses(zoo),
        "two are published, one is skipped, exit code 5, the error and the report name the others: "
            + failure.error().orElseThrow().replace(folder.toString(), ""));

    byte[] success = Files.readAllBytes(out("first").resolve("_SUCCESS"));
    jobs.clear();
    assertThat(run(Map.of("input-size", "28x28", "trial-seconds", "10")).exitCode()).isEqualTo(5);

    assertThat(jobs).as("nothing is computed again").isEmpty();
    assertThat(statuses(zoo()))
        .containsExactly("failed 3", "skipped 0", "up-to-date 0", "failed 3", "up-to-date 0");
    assertThat(Files.readAllBytes(out("first").resolve("_SUCCESS"))).isEqualTo(success);
  }

  @Test
  void aChangedTargetMakesAResultAnewOnlyWhereItMayBeReplaced() throws Exception {
    model("first", GoalJobs.plain());
    assertThat(run(Map.of()).status()).isEqualTo(RunResult.Status.DONE);
    assertThat(run(Map.of()).status()).isEqualTo(RunResult.Status.UP_TO_DATE);

    assertThat(run(Map.of("target", "params=1.5")).error().orElseThrow()).contains("exists");
    assertThat(run(Map.of("target", "params=1.5", "if-exists", "overwrite")).status())
        .isEqualTo(RunResult.Status.DONE);

    assertThat(zoo().at("/models/0/target").asText()).isEqualTo("params=1.5");
  }

  @Test
  void whatFailedByNoFaultOfItsOwnIsTriedAgain() throws Exception {
    model("first", GoalJobs.plain());
    String images = FaultyFileSystem.path(Sample.path("calibration.parquet"));
    Map<String, String> once = Map.of("images", images, "zoo-attempts", "1");
    Configuration hadoop = SPARK.context().hadoopConfiguration();

    FaultyFileSystem.strikeOnce(hadoop, Fault.THROW, folder.resolve("struck"));
    assertThat(run(once).error().orElseThrow()).contains("1 of 1 models failed");

    assertThat(folder.resolve("struck")).exists();
    assertThat(statuses(zoo())).containsExactly("failed 1");
    assertThat(zoo().at("/models/0/attempts").asInt()).isEqualTo(1);
    assertThat(zoo().at("/models/0/result/error").asText()).contains("injected in attempt 0");
    assertThat(out("first")).doesNotExist();

    FaultyFileSystem.strikeOnce(hadoop, Fault.THROW, folder.resolve("struck-again"));
    assertThat(run(Map.of("images", images)).status()).isEqualTo(RunResult.Status.DONE);

    assertThat(folder.resolve("struck-again")).exists();
    assertThat(statuses(zoo())).containsExactly("done 0");
    assertThat(zoo().at("/models/0/attempts").asInt()).isEqualTo(2);
    assertThat(out("first").resolve("_SUCCESS")).exists();
    FaultyFileSystem.strike(hadoop, Fault.NONE, 0);
  }

  @Test
  void aListOfTenThousandMissingFilesEndsInSecondsWithOneLineEach() throws IOException {
    int count = 10_000;
    StringBuilder list = new StringBuilder();
    for (int k = 0; k < count; k++) {
      list.append("- {model: none-%05d.onnx}\n".formatted(k));
    }
    Path zoo = Files.writeString(folder.resolve("zoo.yaml"), list);
    long begin = System.nanoTime();

    RunResult failure = run(zoo.toString(), Map.of());

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(2));
    assertThat(failure.exitCode()).isEqualTo(5);
    assertThat(failure.error().orElseThrow()).startsWith("10000 of 10000 models failed");
    assertThat(failure.error().orElseThrow().lines()).hasSize(1);
    assertThat(failure.models())
        .hasSize(count)
        .allSatisfy(
            model ->
                assertThat(model.result().error().orElseThrow())
                    .endsWith(model.name() + ".onnx does not exist"));
  }

  @Test
  void theProblemsOfAllModelsAreToldBeforeAnythingStarts() throws IOException {
    model("first", GoalJobs.plain());
    Path list = folder.resolve("zoo.yaml");
    Files.writeString(
        list,
        "- {model: a.onnx, ridge: 7}\n- {model: b.onnx, outptu: x}\n- {model: c.onnx, output: x}");

    assertThatThrownBy(() -> run(list.toString(), Map.of()))
        .isInstanceOfSatisfying(
            InputException.class, e -> assertThat(e.kind().exitCode()).isEqualTo(2))
        .hasMessageContaining("model 1 (a): configuration: ridge = 7.0")
        .hasMessageContaining("model 2 (b): configuration:")
        .hasMessageContaining("unknown key outptu, did you mean output?")
        .hasMessageContaining("model 3 (c): output holds for the whole zoo");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  private RunResult run(Map<String, String> more) {
    return run(folder.resolve("*.onnx").toString(), more);
  }

  private RunResult run(String zoo, Map<String, String> more) {
    Map<String, String> keys =
        new LinkedHashMap<>(Sample.compression(folder.resolve("out").toUri().toString()));
    keys.keySet().removeAll(List.of("model", "validation"));
    keys.putAll(
        Map.of(
            "calibration-images", "60",
            "samples-per-column", "1",
            "sensitivity-images", "12",
            "forms", "low-rank-channel,low-rank-spatial",
            "target", "params=1.3"));
    keys.putAll(more);
    ZooPlan plan =
        ZooPlan.of(
            zoo,
            ZooList.read(zoo, new HadoopFiles(new Configuration())),
            () -> Settings.of(Optional.empty(), keys));
    return new ZooJob(
            plan, new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8))
        .run(SPARK.context());
  }

  private void listen() {
    SPARK
        .context()
        .sc()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onJobStart(SparkListenerJobStart start) {
                pools.add(start.properties().getProperty("spark.scheduler.pool", ""));
                jobs.add(start.properties().getProperty("spark.job.description", ""));
              }
            });
  }

  private void model(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve(name + ".onnx"), bytes);
  }

  private static byte[] nothingToCompress() {
    return ModelBuilder.seeded(5)
        .input("x", -1, 3, 28, 28)
        .globalAveragePool("mean", "x")
        .flatten("flat", "mean")
        .output("flat", -1, 3)
        .bytes();
  }

  private Path out(String name) {
    return folder.resolve("out").resolve(name);
  }

  private JsonNode zoo() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out/zoo.json").toFile());
  }

  private static List<String> statuses(JsonNode zoo) {
    return zoo.get("models")
        .valueStream()
        .map(m -> m.at("/result/status").asText() + " " + m.at("/result/exitCode").asInt())
        .toList();
  }

  private static List<String> texts(JsonNode zoo, String pointer) {
    return zoo.get("models").valueStream().map(m -> m.at(pointer).asText()).toList();
  }
}
