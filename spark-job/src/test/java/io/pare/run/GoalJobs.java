package io.pare.run;

import static io.pare.testing.ModelBuilder.ints;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.config.JobConfig;
import io.pare.config.Settings;
import io.pare.model.NetworkLayers;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.ClassMeans;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import io.pare.testing.Sample;
import io.pare.testing.SparkTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;

/** Quick jobs on small networks that are built in code, with some of the sample's images. */
public record GoalJobs(Path folder) {
  private static final int COPIES = 4;

  /** Four layers of seeded weights: stem, wide, squeeze, dense. */
  public static byte[] plain() {
    return ModelBuilder.seeded(21)
        .input("x", -1, 3, 28, 28)
        .conv("stem", "x", 12, 3, 3, ints("strides", 2, 2), ints("pads", 1, 1, 1, 1))
        .relu("r1", "stem")
        .conv("wide", "r1", 24, 12, 3, ints("strides", 2, 2), ints("pads", 1, 1, 1, 1))
        .relu("r2", "wide")
        .conv("squeeze", "r2", 16, 24, 1)
        .relu("r3", "squeeze")
        .globalAveragePool("mean", "r3")
        .flatten("flat", "mean")
        .gemm("dense", "flat", 10, 16)
        .output("dense", -1, 10)
        .bytes();
  }

  /** The same, whose last layer has learnt the sample's classes as well as it can. */
  public static byte[] learnt() throws IOException {
    return ClassMeans.learnt(plain(), "flat", "dense");
  }

  /** A convolution that takes most of the time: stem, wide, dense. */
  static byte[] heavy() {
    return ModelBuilder.seeded(23)
        .input("x", -1, 3, 28, 28)
        .conv("stem", "x", 48, 3, 3, ints("pads", 1, 1, 1, 1))
        .relu("r1", "stem")
        .conv("wide", "r1", 48, 48, 3, ints("pads", 1, 1, 1, 1))
        .relu("r2", "wide")
        .globalAveragePool("mean", "r2")
        .flatten("flat", "mean")
        .gemm("dense", "flat", 10, 48)
        .output("dense", -1, 10)
        .bytes();
  }

  /** A convolution whose 32 filters are multiples of 8, and a 1 x 1 convolution that reads them. */
  public static byte[] copies() {
    Random random = new Random(4);
    float[] weights = new float[32 * 27];
    float[] bias = new float[32];
    for (int filter = 0; filter < 32; filter++) {
      if (filter % COPIES == 0) {
        for (int k = 0; k < 27; k++) {
          weights[27 * filter + k] = (float) (0.3 * random.nextGaussian());
        }
        bias[filter] = 0.1f;
      } else {
        float factor = 0.5f + random.nextFloat();
        int origin = filter - filter % COPIES;
        for (int k = 0; k < 27; k++) {
          weights[27 * filter + k] = factor * weights[27 * origin + k];
        }
        bias[filter] = factor * bias[origin];
      }
    }
    return ModelBuilder.seeded(22)
        .input("x", -1, 3, 28, 28)
        .initializer(ModelBuilder.floats("maker.weight", new long[] {32, 3, 3, 3}, weights))
        .initializer(ModelBuilder.floats("maker.bias", new long[] {32}, bias))
        .node(
            "Conv",
            "maker",
            List.of("x", "maker.weight", "maker.bias"),
            List.of("maker"),
            ints("strides", 2, 2))
        .relu("r1", "maker")
        .conv("reader", "r1", 8, 32, 1)
        .relu("r2", "reader")
        .globalAveragePool("mean", "r2")
        .flatten("flat", "mean")
        .gemm("dense", "flat", 10, 8)
        .output("dense", -1, 10)
        .bytes();
  }

  /** A fully connected layer behind a Flatten, and one that is not wide. */
  static byte[] wide() {
    return ModelBuilder.seeded(7)
        .input("x", -1, 3, 28, 28)
        .conv("conv", "x", 4, 3, 3, ints("strides", 2, 2))
        .relu("r1", "conv")
        .flatten("flat", "r1")
        .gemm("wide", "flat", 24, 4 * 13 * 13)
        .relu("r2", "wide")
        .gemm("head", "r2", 10, 24)
        .output("head", -1, 10)
        .bytes();
  }

  /** The keys of a quick job that is to publish a result of that name. */
  Map<String, String> keys(String name, byte[] model, String target) throws IOException {
    Path file = folder.resolve(name + ".onnx");
    Files.write(file, model);
    Map<String, String> keys =
        new LinkedHashMap<>(Sample.compression(output(name).toUri().toString()));
    keys.remove("validation");
    keys.put("model", file.toString());
    keys.put("target", target);
    keys.put("calibration-images", "60");
    keys.put("samples-per-column", "1");
    keys.put("sensitivity-images", "12");
    return keys;
  }

  Path output(String name) {
    return folder.resolve("results").resolve(name);
  }

  /** Compresses and gives what was printed. */
  static String compress(JavaSparkContext spark, Map<String, String> keys) {
    JobConfig config = JobConfig.of(Settings.of(Optional.empty(), keys));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new CompressionJob(config, new PrintStream(out, true, StandardCharsets.UTF_8)).run(spark);
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Publishes a result by an application of its own. */
  static void publish(Map<String, String> keys, String master, int parallelism) {
    try (JavaSparkContext spark =
        new JavaSparkContext(
            SparkTest.conf(master, "goals")
                .set("spark.default.parallelism", Integer.toString(parallelism)))) {
      spark.setLogLevel("WARN");
      assertThat(compress(spark, keys)).contains("published ");
    }
  }

  JsonNode json(String name, String file) throws IOException {
    return new ObjectMapper().readTree(output(name).resolve(file).toFile());
  }

  JsonNode report(String name) throws IOException {
    return json(name, "report.json");
  }

  byte[] model(String name) throws IOException {
    return Files.readAllBytes(output(name).resolve("model.onnx"));
  }

  /** The layers of the published file. */
  NetworkLayers layers(String name) throws IOException {
    return Networks.layers(ModelReader.read(name, model(name), ExternalData.none()));
  }
}
