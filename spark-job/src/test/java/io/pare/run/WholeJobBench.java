package io.pare.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.pare.algorithm.dense.DenseAlgebra;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole job on VGG-16's convolutions at 224 pixels against what no implementation of the method
 * can do without: one pass of the original over the images, one of the compressed network, the
 * moments of every layer in both, at the speed of sgemm on all cores, and the passes of the trials
 * that tell what an error of each layer does to the output.
 */
class WholeJobBench {
  private static final int IMAGES = 400;
  private static final int SAMPLES_PER_COLUMN = 5;
  private static final int SENSITIVITY_IMAGES = 32;
  private static final int TIMED_IMAGES = 16;

  @Test
  void vgg16At224Pixels(@TempDir Path folder) throws Exception {
    Path file = SharedMaterial.require("models/vgg16-cifar10.onnx");
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys("vgg16", read(file).toBytes(), "params=4.9");
    keys.put("images", SharedMaterial.require("data/imagenet-sample/train").toString());
    keys.put("calibration-images", Integer.toString(IMAGES));
    keys.put("samples-per-column", Integer.toString(SAMPLES_PER_COLUMN));
    keys.put("sensitivity-images", Integer.toString(SENSITIVITY_IMAGES));
    keys.put("input-size", "224x224");
    keys.put("preprocessing", "torchvision");
    keys.put("forms", "low-rank-spatial");
    SparkConf conf = SparkTest.conf("local[2]", "whole job").set("spark.memory.fraction", "0.3");
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
    double ofAnImage = secondsOfAnImage(original);
    double passes = IMAGES * (ofAnImage + secondsOfAnImage(compressed));
    double moments = 2 * operations(original) / operationsASecond();
    double trials = SENSITIVITY_IMAGES * passesOfTrials(report.get("layers")) * ofAnImage;
    parts.put("floor: two passes s", passes);
    parts.put("floor: moments s", moments);
    parts.put("floor: passes of the trials s", trials);
    add("job / floor without trials", whole / (passes + moments), parts);
    add("job / floor", whole / (passes + moments + trials), parts);
  }

  private static void add(String figure, double ratio, Map<String, Double> parts)
      throws IOException {
    BenchFigures.add("whole job", "VGG-16 at 224, params=4.9, spatial, " + figure, ratio, parts);
  }

  /**
   * Passes of the original that the trials of a chain of layers take when the part before a layer
   * is run once for all its trials, and their outputs' reference.
   */
  private static double passesOfTrials(JsonNode layers) {
    double all = 0;
    for (JsonNode layer : layers) {
      all += layer.get("macsBefore").asDouble();
    }
    double passes = 1;
    double before = 0;
    for (JsonNode layer : layers) {
      double after = all - before - layer.get("macsBefore").asDouble();
      passes += (before + layer.get("analysis").get("sensitivity").size() * after) / all;
      before += layer.get("macsBefore").asDouble();
    }
    return passes;
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
