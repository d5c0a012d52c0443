package io.pare.stage.recovery;

import io.pare.algorithm.learning.Adam;
import io.pare.algorithm.learning.Batches;
import io.pare.io.image.ImageDecoder;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.io.source.ImageSource;
import io.pare.io.source.SourceOptions;
import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import io.pare.model.gradient.DistillationLoss;
import io.pare.model.gradient.GradientNetwork;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.model.rewrite.TrainableWeights;
import io.pare.stage.images.PrepareImagesStage;
import io.pare.stage.images.PreparedBlock;
import io.pare.stage.images.PreparedImage;
import io.pare.stage.network.Execution;
import io.pare.testing.BenchFigures;
import io.pare.testing.ClusterTest;
import io.pare.testing.Networks;
import io.pare.testing.SharedMaterial;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a second executor of one core brings to the steps of recovery. */
class RecoveryBench {
  private static final int IMAGES = 128;
  private static final int STEPS = 16;

  /** A job has hundreds of steps: what a JVM does for the first ones is no part of the figure. */
  private static final int WARM_UP = 16;

  /** Steps between two sums, where there are several. */
  private static final int LOCAL = 4;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "resnet20-cifar10; data/cifar10-train.tar; torchvision,resize=none,crop=none",
        "squeezenet1.1; data/imagenet-sample/train; torchvision",
      })
  void aSecondExecutor(String name, String images, String pixels) throws Exception {
    OnnxNetwork network =
        ModelReader.read(
            name,
            Files.readAllBytes(SharedMaterial.require("models/" + name + ".onnx")),
            ExternalData.none());
    InputShape input = Networks.image(network);
    Preprocessing preprocessing = Preprocessing.parse(pixels, input.height(), input.width());
    double[][] seconds = new double[2][];
    for (int executors = 1; executors <= 2; executors++) {
      SparkConf conf =
          ClusterTest.onTestClassPath("local-cluster[" + executors + ",1,3072]", "recovery")
              .set("spark.executor.memory", "3g");
      try (JavaSparkContext spark = new JavaSparkContext(conf)) {
        spark.setLogLevel("WARN");
        ImageSource source =
            ImageSource.open(
                SharedMaterial.require(images).toString(),
                SourceOptions.defaults(),
                new Configuration());
        seconds[executors - 1] =
            secondsOfAStep(
                spark, network, input, prepared(spark, source, preprocessing), preprocessing);
      }
    }
    String[] kinds = {"steps of recovery", "local steps of recovery, " + LOCAL + " between sums"};
    for (int k = 0; k < kinds.length; k++) {
      BenchFigures.add(
          "executors",
          name + ", " + kinds[k] + ", 1 executor / 2",
          seconds[0][k] / seconds[1][k],
          Map.of("1 executor s", seconds[0][k], "2 executors s", seconds[1][k]));
    }
  }

  private static List<PreparedImage> prepared(
      JavaSparkContext spark, ImageSource source, Preprocessing preprocessing) {
    List<PreparedBlock> blocks =
        new ArrayList<>(
            new PrepareImagesStage(
                    spark,
                    new PrepareImagesStage.Settings(
                        preprocessing, ImageDecoder.DEFAULT_PIXEL_LIMIT, 0.001, 0))
                .run(source, IMAGES)
                .blocks()
                .collect());
    blocks.sort(Comparator.comparingInt(PreparedBlock::index));
    return blocks.stream().flatMap(block -> block.images().stream()).toList();
  }

  /** With a sum for each, and of local ones. */
  private static double[] secondsOfAStep(
      JavaSparkContext spark,
      OnnxNetwork network,
      InputShape input,
      List<PreparedImage> images,
      Preprocessing preprocessing) {
    Execution execution = new Execution(input, Networks.outputs(network), 16, 1);
    GradientNetwork gradient =
        GradientNetwork.of(
            network,
            input,
            TrainableWeights.of(network, network, List.of()),
            new DistillationLoss(execution.outputs(), 1, List.of()));
    WeightLayout layout = WeightLayout.of(network, List.copyOf(gradient.gradients().keySet()));
    float[] weights = layout.read(network);
    Batches batches = Batches.of(images.size(), 1);
    try (GradientSteps steps =
        new GradientSteps(
            spark,
            execution,
            new GradientSteps.Networks(network, gradient, 1),
            layout,
            images,
            preprocessing)) {
      for (int step = 0; step < WARM_UP; step++) {
        steps.of(weights, batch(batches, step));
      }
      long start = System.nanoTime();
      for (int step = 0; step < STEPS; step++) {
        steps.of(weights, batch(batches, step));
      }
      long between = System.nanoTime();
      Adam.State state = Adam.State.of(weights);
      for (int step = 0; step < STEPS; step += LOCAL) {
        state =
            steps
                .apart(
                    state,
                    0,
                    IntStream.range(step, step + LOCAL)
                        .mapToObj(each -> new GradientSteps.Turn(batch(batches, each), 1e-5))
                        .toList())
                .state();
      }
      return new double[] {
        (between - start) / 1e9 / STEPS, (System.nanoTime() - between) / 1e9 / STEPS
      };
    }
  }

  private static GradientSteps.Batch batch(Batches batches, int step) {
    return new GradientSteps.Batch(batches.at(step), 0, step);
  }
}
