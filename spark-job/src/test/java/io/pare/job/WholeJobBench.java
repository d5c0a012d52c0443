package io.pare.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.pare.algorithm.DenseAlgebra;
import io.pare.model.InputShape;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.BenchFigures;
import io.pare.testing.SharedMaterial;
import io.pare.testing.SparkTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole job on VGG-16's convolutions at 224 pixels against what no implementation of the method
 * can do without: one pass of the original over the images, one of the compressed network, and the
 * moments of every layer in both, at the speed of sgemm on all cores.
 */
class WholeJobBench {
  private static final int IMAGES = 400;
  private static final int SAMPLES_PER_COLUMN = 5;
  private static final int TIMED_IMAGES = 16;

  @ParameterizedTest
  @ValueSource(strings = {"2", "1"})
  void vgg16At224Pixels(String coresOfATask, @TempDir Path folder) throws Exception {
    Path file = SharedMaterial.require("models/vgg16-cifar10.onnx");
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys("vgg16", read(file).toBytes(), "params=4.9");
    keys.put("images", SharedMaterial.require("data/imagenet-sample/train").toString());
    keys.put("calibration-images", Integer.toString(IMAGES));
    keys.put("samples-per-column", Integer.toString(SAMPLES_PER_COLUMN));
    keys.put("sensitivity-images", "32");
    keys.put("input-size", "224x224");
    keys.put("preprocessing", "torchvision");
    keys.put("forms", "spatial");
    SparkConf conf =
        SparkTest.conf("local[2]", "whole job")
            .set("spark.memory.fraction", "0.3")
            .set("spark.task.cpus", coresOfATask);
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      spark.setLogLevel("WARN");
      GoalJobs.compress(spark, keys);
    }
    JsonNode report = jobs.report("vgg16");
    Map<String, Double> parts = new LinkedHashMap<>();
    double whole = 0;
    for (Map.Entry<String, JsonNode> phase : report.get("seconds").properties()) {
      parts.put(phase.getKey() + " s", phase.getValue().asDouble());
      whole += phase.getValue().asDouble();
    }
    OnnxNetwork original = read(file);
    OnnxNetwork compressed = read(jobs.output("vgg16").resolve("model.onnx"));
    double passes = IMAGES * (secondsOfAnImage(original) + secondsOfAnImage(compressed));
    double moments = 2 * operations(original) / operationsASecond();
    parts.put("floor: two passes s", passes);
    parts.put("floor: moments s", moments);
    BenchFigures.add(
        "whole job",
        "VGG-16 at 224, params=4.9, spatial, cores of a task " + coresOfATask + ", job / floor",
        whole / (passes + moments),
        parts);
  }

  private static OnnxNetwork read(Path file) throws Exception {
    return ModelReader.read(file.toString(), Files.readAllBytes(file), ExternalData.none())
        .forSize(224, 224);
  }

  private static InputShape image(OnnxNetwork network) {
    return network.inputShape(OptionalInt.of(224), OptionalInt.of(224));
  }

  private static double secondsOfAnImage(OnnxNetwork network) throws Exception {
    InputShape image = image(network);
    float[] batch = new float[TIMED_IMAGES * image.values()];
    try (InferenceSession session = InferenceSession.open(network.toBytes(), 2)) {
      return BenchFigures.medianSeconds(3, () -> session.run(batch, TIMED_IMAGES, image))[0]
          / TIMED_IMAGES;
    }
  }

  /** Of the moments of all layers. */
  private static double operations(OnnxNetwork network) {
    double sum = 0;
    for (Layer layer :
        NetworkLayers.of(network, ShapeMeasurement.of(network, image(network))).compressible()) {
      double columns = layer.shape().columns();
      double samples = Math.max(4096, SAMPLES_PER_COLUMN * columns);
      sum += 2 * samples * columns * (columns + layer.shape().outputs());
    }
    return sum;
  }

  private static double operationsASecond() throws Exception {
    int order = 2048;
    float[] a = new float[order * order];
    DenseAlgebra.useThreads(2);
    try {
      double seconds =
          BenchFigures.medianSeconds(
              5, () -> DenseAlgebra.multiplyTransposed(a, a, order, order, order))[0];
      return 2.0 * order * order * order / seconds;
    } finally {
      DenseAlgebra.useThreads(1);
    }
  }
}
