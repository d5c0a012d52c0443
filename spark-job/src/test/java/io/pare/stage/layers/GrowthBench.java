package io.pare.stage.layers;

import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.fit.Fitting;
import io.pare.io.image.ImageDecoder;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.io.source.ImageSource;
import io.pare.io.source.SourceOptions;
import io.pare.model.InputShape;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.stage.images.PrepareImagesStage;
import io.pare.stage.images.PreparedBlock;
import io.pare.stage.images.PreparedImage;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.Execution;
import io.pare.stage.spark.Checkpoints;
import io.pare.testing.BenchFigures;
import io.pare.testing.ClusterTest;
import io.pare.testing.Networks;
import io.pare.testing.SharedMaterial;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/**
 * How time and the driver's heap grow with the images, and what a second executor brings. The
 * driver and each executor are JVMs of their own.
 */
class GrowthBench {
  private static final int POSITIONS = 16;
  private static final int SAMPLE = 100;

  private final OnnxNetwork network;
  private final InputShape input;
  private final List<Layer> layers;
  private final Preprocessing preprocessing = Preprocessing.parse("torchvision", 224, 224);

  GrowthBench() throws Exception {
    Path file = SharedMaterial.require("models/vgg16-cifar10.onnx");
    network =
        ModelReader.read("vgg16", Files.readAllBytes(file), ExternalData.none()).forSize(224, 224);
    input = network.inputShape(OptionalInt.of(224), OptionalInt.of(224));
    layers = NetworkLayers.of(network, ShapeMeasurement.of(network, input)).compressible();
  }

  private record Times(double gathering, double heap) {}

  @Test
  void timeIsLinearInTheImagesAndASecondExecutorHalvesIt() throws Exception {
    Map<Integer, Times> two = new LinkedHashMap<>();
    double solvingOnTwo;
    try (JavaSparkContext spark = cluster(2)) {
      List<PreparedBlock> sample = sample(spark);
      gather(spark, sample, 1);
      for (int copies : new int[] {1, 2, 4, 8}) {
        two.put(copies, gather(spark, sample, copies));
      }
      solvingOnTwo = solve(spark, sample);
    }
    Times one;
    double solvingOnOne;
    try (JavaSparkContext spark = cluster(1)) {
      List<PreparedBlock> sample = sample(spark);
      gather(spark, sample, 1);
      one = gather(spark, sample, 4);
      solvingOnOne = solve(spark, sample);
    }
    Times first = two.get(1);
    two.forEach(
        (copies, times) -> {
          try {
            BenchFigures.add(
                "growth",
                SAMPLE * copies + " images, time of an image against 100 images",
                times.gathering() / copies / first.gathering(),
                Map.of("gathering s", times.gathering(), "driver heap MB", times.heap() / 1e6));
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    Times both = two.get(4);
    BenchFigures.add(
        "executors",
        "extraction of 400 images, 1 executor / 2",
        one.gathering() / both.gathering(),
        Map.of("1 executor s", one.gathering(), "2 executors s", both.gathering()));
    BenchFigures.add(
        "executors",
        "solving, 1 executor / 2",
        solvingOnOne / solvingOnTwo,
        Map.of("1 executor s", solvingOnOne, "2 executors s", solvingOnTwo));
  }

  private static JavaSparkContext cluster(int executors) throws Exception {
    SparkConf conf =
        ClusterTest.onTestClassPath("local-cluster[" + executors + ",1,4096]", "growth")
            .set("spark.executor.memory", "4g")
            .set("spark.memory.fraction", "0.3");
    JavaSparkContext spark = new JavaSparkContext(conf);
    spark.setLogLevel("WARN");
    return spark;
  }

  private List<PreparedBlock> sample(JavaSparkContext spark) throws Exception {
    ImageSource source =
        ImageSource.open(
            SharedMaterial.require("data/imagenet-sample/train").toString(),
            SourceOptions.defaults(),
            new Configuration());
    return new ArrayList<>(
        new PrepareImagesStage(
                spark,
                new PrepareImagesStage.Settings(
                    preprocessing, ImageDecoder.DEFAULT_PIXEL_LIMIT, 0.001, 0))
            .run(source, SAMPLE)
            .blocks()
            .collect());
  }

  /** The sample so many times over, each time as other images. */
  private PreparedImages repeated(JavaSparkContext spark, List<PreparedBlock> sample, int copies) {
    List<PreparedBlock> blocks = new ArrayList<>();
    for (int copy = 0; copy < copies; copy++) {
      for (PreparedBlock block : sample) {
        long first = (long) copy * SAMPLE;
        blocks.add(
            new PreparedBlock(
                blocks.size(),
                block.images().stream()
                    .map(image -> new PreparedImage(first + image.id(), -1, image.pixels()))
                    .toList(),
                List.of()));
      }
    }
    PreparedImages images =
        new PreparedImages(
            spark
                .parallelize(blocks, 2 * copies)
                .persist(org.apache.spark.storage.StorageLevel.DISK_ONLY()),
            (long) copies * SAMPLE,
            List.of(),
            List.of(),
            preprocessing);
    images.blocks().count();
    return images;
  }

  /** Samples and moments, from the pixels on. */
  private Times gather(JavaSparkContext spark, List<PreparedBlock> sample, int copies) {
    return with(
        spark,
        sample,
        copies,
        statistics -> {
          double seconds = seconds(statistics::gather);
          System.gc();
          return new Times(
              seconds, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        });
  }

  /** The seconds that the candidates take once the moments are there. */
  private double solve(JavaSparkContext spark, List<PreparedBlock> sample) {
    return with(
        spark,
        sample,
        1,
        statistics -> {
          statistics.gather();
          return seconds(
              () ->
                  statistics.candidates(
                      statistics.paths(
                          Set.of(Family.LOW_RANK_SPATIAL), Fitting.LINEAR, Checkpoints.none())));
        });
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private <T> T with(
      JavaSparkContext spark,
      List<PreparedBlock> sample,
      int copies,
      Function<SolveLayersStage.Statistics, T> measured) {
    PreparedImages images = repeated(spark, sample, copies);
    // So many wanted that every image gives all it may, however many there are.
    LayerGroups groups =
        LayerGroups.of(
            network,
            layers,
            new LayerGroups.Amount(
                1000, POSITIONS, images.count(), 0.2, new WideLayers(8192, 10240, 1024)),
            1e-3);
    SamplingSettings settings =
        new SamplingSettings(new Execution(input, Networks.outputs(network), 16, 1), 1, 0.2);
    LayerSamples samples = new SampleLayersStage(spark, settings).run(network, images, groups);
    try (SolveLayersStage.Statistics statistics =
        new SolveLayersStage(spark, 1, 0.2).gather(samples, groups)) {
      return measured.apply(statistics);
    } finally {
      samples.release();
      images.release();
    }
  }
}
