package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.config.EvaluationConfig;
import io.pare.config.JobConfig;
import io.pare.config.Settings;
import io.pare.io.block.EncodedImage;
import io.pare.io.block.ImageBlock;
import io.pare.io.image.ImageDecoder;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.io.source.ImageBlockReader;
import io.pare.io.source.ImageSource;
import io.pare.io.source.SourceOptions;
import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.InferenceSessions;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.report.RunReport;
import io.pare.report.page.ReportPage;
import io.pare.testing.CommandRun;
import io.pare.testing.FaultyFileSystem;
import io.pare.testing.HdfsTest;
import io.pare.testing.Networks;
import io.pare.testing.Sample;
import io.pare.testing.SparkTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One whole compression of the sample onto HDFS, looked at from all sides. */
class CompressionJobIT {
  @RegisterExtension static final SparkTest SPARK = new SparkTest();
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();

  private static final long WEIGHTS = 427_360;
  private static final ByteArrayOutputStream OUT = new ByteArrayOutputStream();

  @BeforeAll
  static void compress() {
    Map<String, String> keys = Sample.compression(HDFS.path("/results/half"));
    keys.put("forms", keys.get("forms") + ",admm-kept-inputs");
    JobConfig config = JobConfig.of(Settings.of(Optional.empty(), keys));
    new CompressionJob(config, new PrintStream(OUT, true, StandardCharsets.UTF_8))
        .run(SPARK.context());
  }

  @Test
  void theResultIsCompleteAndNothingElseIsLeftBeside() throws IOException {
    assertThat(names("/results/half"))
        .contains(
            "model.onnx",
            "manifest.json",
            "report.json",
            "report.html",
            "layers.csv",
            "sums.csv",
            "README.md",
            "SHA256SUMS",
            "_SUCCESS");
    assertThat(names("/results")).containsExactly("half");
    assertThat(OUT.toString(StandardCharsets.UTF_8))
        .contains("published")
        .contains("/results/half");
  }

  @Test
  void everyoneMayReadEveryFileAndOnlyTheOwnerMayWrite() throws IOException {
    assertThat(permission("/results/half")).isEqualTo("rwxr-xr-x");
    for (String name : names("/results/half")) {
      assertThat(permission("/results/half/" + name)).as(name).isEqualTo("rw-r--r--");
    }
  }

  private static String permission(String path) throws IOException {
    return HDFS.fileSystem().getFileStatus(new Path(path)).getPermission().toString();
  }

  @Test
  void theManifestHasTheHashAndLengthOfEachFileAndTheConfiguration() throws IOException {
    JsonNode manifest = json("manifest.json");

    for (String name :
        List.of("model.onnx", "report.json", "report.html", "layers.csv", "README.md")) {
      byte[] bytes = read(name);
      assertThat(manifest.at("/files").get(name).asText())
          .isEqualTo(InferenceSessions.sha256(bytes));
      assertThat(manifest.at("/bytes").get(name).asLong()).isEqualTo(bytes.length);
    }
    assertThat(manifest.at("/source").asText())
        .isEqualTo(InferenceSessions.sha256(Files.readAllBytes(Sample.path("model.onnx"))));
    assertThat(manifest.at("/configuration/target").asText()).isEqualTo("params=2.0");
    assertThat(manifest.at("/configuration/seed").asText()).isEqualTo("1");
  }

  @Test
  void theTargetIsReachedAndItsBudgetSpent() throws IOException {
    long weights = Networks.layers(compressed()).total().weights();

    assertThat(weights).isBetween((long) (0.99 * WEIGHTS / 2), WEIGHTS / 2);
    JsonNode report = json("report.json");
    assertThat(report.get("seconds").has("check values"))
        .as("a pass of its own, without a value that calls for it")
        .isFalse();
    assertThat(report.at("/after/weights").asLong()).isEqualTo(weights);
    assertThat(report.at("/before/weights").asLong()).isEqualTo(WEIGHTS);
    assertThat(report.at("/after/macs").asLong())
        .isEqualTo(Networks.layers(compressed()).total().macs());
    assertThat(report.at("/after/bytes").asLong()).isEqualTo(read("model.onnx").length);
    long ofLayers = 0;
    for (JsonNode layer : report.at("/layers")) {
      ofLayers += layer.get("weightsAfter").asLong();
    }
    assertThat(ofLayers).isEqualTo(weights);
  }

  @Test
  void fromFewImagesNothingIsLearnedAndTheReportSaysWhy() throws IOException {
    JsonNode recovery = json("report.json").at("/recovery");

    assertThat(recovery.at("/used").asBoolean()).isFalse();
    assertThat(recovery.at("/points")).isEmpty();
    assertThat(recovery.at("/remarks/0").asText()).contains("fewer than 160 steps");
    assertThat(new String(read("report.html"), StandardCharsets.UTF_8))
        .contains("Nothing was learned: there would be fewer than 160 steps");
  }

  @Test
  void aNetworkIsReadFromAFileSystemThatTheApplicationAloneKnows() throws IOException {
    Configuration application = new Configuration();
    FaultyFileSystem.strike(application, FaultyFileSystem.Fault.NONE, 0);
    Map<String, String> keys = Sample.compression(HDFS.path("/results/never"));
    keys.put("model", FaultyFileSystem.path(Sample.path("model.onnx")));
    CompressionJob job =
        new CompressionJob(
            JobConfig.of(Settings.of(Optional.empty(), keys)),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));

    assertThat(job.read(application).sha256())
        .isEqualTo(InferenceSessions.sha256(Files.readAllBytes(Sample.path("model.onnx"))));
  }

  @Test
  void theReportedAccuracyIsThatOfTheFileImageByImage() throws Exception {
    JsonNode report = json("report.json");
    byte[] original = Files.readAllBytes(Sample.path("model.onnx"));

    int[] before = classes(original);
    int[] after = classes(read("model.onnx"));
    int[] labels = labels();

    assertThat(report.at("/before/accuracy/top1").asInt()).isEqualTo(equal(before, labels));
    assertThat(report.at("/after/accuracy/top1").asInt()).isEqualTo(equal(after, labels));
    assertThat(report.at("/after/accuracy/agreement").asDouble())
        .isEqualTo(equal(before, after) / 1000.0);
    assertThat(report.at("/before/accuracy/top1Rate").asDouble()).isEqualTo(Sample.TOP1);
  }

  @Test
  void halfTheWeightsCostLessThanFivePointsOfAccuracy() throws IOException {
    JsonNode report = json("report.json");

    assertThat(report.at("/after/accuracy/top1Rate").asDouble())
        .isGreaterThan(report.at("/before/accuracy/top1Rate").asDouble() - 0.05);
  }

  @Test
  void aLayerWithAKernelHasSumsOfTheAdmmWithTheirTraces() throws IOException {
    int sums = 0;
    for (JsonNode layer : json("report.json").at("/layers")) {
      for (JsonNode candidate : layer.at("/analysis/candidates")) {
        if (layer.get("shape").asText().endsWith("3 x 3")
            && candidate.get("family").asText().startsWith("admm-")) {
          String structure = candidate.get("structure").asText();
          assertThat(structure).matches("(spatial|tucker)\\(.*\\)\\+(inputs|filters)\\(.*\\)");
          assertThat(layer.at("/analysis/traces"))
              .anySatisfy(
                  trace -> {
                    assertThat(trace.get("label").asText()).isEqualTo(structure);
                    assertThat(trace.get("primalResidual")).isNotEmpty();
                    assertThat(trace.get("stopReason").asText()).isNotBlank();
                  });
          sums++;
        }
      }
    }
    assertThat(sums).isPositive();
    assertThat(new String(read("report.html"), StandardCharsets.UTF_8))
        .contains("Sums of the ADMM at equal cost");
  }

  /** Nobody says how images become the input but the network itself; a guess is far off. */
  @Test
  void evaluateAndDiffSeeImagesAsThePublishedNetworkSays() throws IOException {
    String published = HDFS.path("/results/half/model.onnx");
    String said = json("manifest.json").at("/configuration/preprocessing").asText();
    assertThat(said).contains("resize=none", "crop=none", "mean=0.5:0.5:0.5");

    JsonNode evaluated = evaluated(published);
    JsonNode after = json("report.json").at("/after/accuracy");
    assertThat(evaluated.at("/accuracy/top1")).isEqualTo(after.at("/top1"));
    assertThat(evaluated.at("/accuracy/top1Rate").asDouble()).isGreaterThan(0.87);
    assertThat(evaluated.at("/configuration/preprocessing").asText()).isEqualTo(said);
    assertThat(evaluated.at("/warnings")).isEmpty();
    JsonNode guessed = evaluated(Sample.file("model.onnx"));
    assertThat(guessed.at("/accuracy/top1Rate").asDouble()).isLessThan(0.3);
    assertThat(guessed.at("/warnings").findValuesAsText("code"))
        .contains("preprocessing-guessed", "original-accuracy");

    CommandRun diff = new CommandRun();
    assertThat(
            diff.run(
                "diff",
                List.of(Sample.file("model.onnx"), published),
                Map.of("images", Sample.file("validation.parquet"))))
        .as(diff.errors())
        .isZero();
    assertThat(diff.printed())
        .contains("\npreprocessing " + said + "\n")
        .contains(
            String.format(
                Locale.ROOT,
                "same first class       %10.2f %%\n",
                100 * after.at("/agreement").asDouble()));
  }

  private static JsonNode evaluated(String model) throws IOException {
    String json = HDFS.path("/evaluated.json");
    Map<String, String> keys =
        Map.of("model", model, "validation", Sample.file("validation.parquet"));
    EvaluationConfig config =
        EvaluationConfig.of(
            Settings.of(Optional.empty(), keys), Optional.empty(), Optional.of(json));
    new EvaluationJob(
            config, new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8))
        .run(SPARK.context());
    try (FSDataInputStream in = HDFS.fileSystem().open(new Path("/evaluated.json"))) {
      return new ObjectMapper().readTree(in.readAllBytes());
    }
  }

  @Test
  void thePageIsThatOfTheReport() throws IOException {
    String report = new String(read("report.json"), StandardCharsets.UTF_8);
    String page = new String(read("report.html"), StandardCharsets.UTF_8);

    assertThat(page).isEqualTo(ReportPage.of(RunReport.of(report)));
    assertThat(new String(read("layers.csv"), StandardCharsets.UTF_8).lines()).hasSize(9);
  }

  private static OnnxNetwork compressed() throws IOException {
    return ModelReader.read("model.onnx", read("model.onnx"), ExternalData.none());
  }

  private static List<EncodedImage> images() throws IOException {
    ImageSource source =
        ImageSource.open(
            Sample.file("validation.parquet"), SourceOptions.defaults(), HDFS.configuration());
    List<EncodedImage> images = new ArrayList<>();
    try (ImageBlockReader reader = new ImageBlockReader(HDFS.configuration())) {
      for (ImageBlock block : source.blocks()) {
        images.addAll(reader.read(block));
      }
    }
    return images;
  }

  private static int[] labels() throws IOException {
    return images().stream().mapToInt(EncodedImage::label).toArray();
  }

  /** The class of each validation image, one image at a time. */
  private static int[] classes(byte[] model) throws Exception {
    Preprocessing preprocessing =
        Preprocessing.parse("torchvision,resize=none,crop=none,mean=0.5,std=0.5", 28, 28);
    InputShape shape = new InputShape(3, 28, 28, InputShape.Layout.NCHW);
    ImageDecoder decoder = new ImageDecoder();
    List<Integer> classes = new ArrayList<>();
    try (InferenceSession session = InferenceSession.open(model, 1)) {
      for (EncodedImage image : images()) {
        float[] tensor = preprocessing.apply(decoder.decode(image.bytes()));
        float[] scores = session.run(tensor, 1, shape).values().iterator().next().values();
        int best = 0;
        for (int k = 1; k < scores.length; k++) {
          best = scores[k] > scores[best] ? k : best;
        }
        classes.add(best);
      }
    }
    return classes.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int equal(int[] first, int[] second) {
    assertThat(first).hasSameSizeAs(second);
    int count = 0;
    for (int k = 0; k < first.length; k++) {
      count += first[k] == second[k] ? 1 : 0;
    }
    return count;
  }

  private static List<String> names(String folder) throws IOException {
    return Arrays.stream(HDFS.fileSystem().listStatus(new Path(folder)))
        .map(FileStatus::getPath)
        .map(Path::getName)
        .toList();
  }

  private static byte[] read(String name) throws IOException {
    try (FSDataInputStream in = HDFS.fileSystem().open(new Path("/results/half/" + name))) {
      return in.readAllBytes();
    }
  }

  private static JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(read(name));
  }
}
