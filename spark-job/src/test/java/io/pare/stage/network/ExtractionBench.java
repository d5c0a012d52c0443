package io.pare.stage.network;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.io.block.EncodedImage;
import io.pare.io.image.ImageDecoder;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.io.source.ImageBlockReader;
import io.pare.io.source.ImageSource;
import io.pare.io.source.SourceOptions;
import io.pare.model.InputShape;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.stage.images.ImageBatch;
import io.pare.stage.images.PrepareImagesStage;
import io.pare.stage.images.PreparedBlock;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.layers.LayerGroups;
import io.pare.stage.layers.LayerSamples;
import io.pare.stage.layers.SampleLayersStage;
import io.pare.stage.layers.SamplingSettings;
import io.pare.stage.layers.WideLayers;
import io.pare.testing.BenchFigures;
import io.pare.testing.Networks;
import io.pare.testing.SharedMaterial;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sampling what layers read against a bare loop of ONNX Runtime over the same images: two tasks
 * against two Java threads, one native thread in each. The loop runs as far as the last layer's
 * input and throws everything away.
 */
class ExtractionBench {
  private static final int BATCH = 16;
  private static final int CORES = 2;
  private static final int ROUNDS = 3;

  @ParameterizedTest
  @CsvSource({"vgg16-cifar10, 1", "squeezenet1.1, 1", "squeezenet1.1, 4"})
  void samplesOfAllLayersAt224Pixels(String name, int copies, @TempDir Path folder)
      throws Exception {
    Path file = SharedMaterial.require("models/" + name + ".onnx");
    copy(SharedMaterial.require("data/imagenet-sample/train"), copies, folder);
    DenseAlgebra.useThreads(1);
    OnnxNetwork network =
        ModelReader.read(name, Files.readAllBytes(file), ExternalData.none()).forSize(224, 224);
    InputShape input = network.inputShape(OptionalInt.of(224), OptionalInt.of(224));
    List<Layer> layers =
        NetworkLayers.of(network, ShapeMeasurement.of(network, input)).compressible();
    LayerGroups groups =
        LayerGroups.of(
            network,
            layers,
            new LayerGroups.Amount(8, 128, 400L * copies, 0.2, new WideLayers(8192, 10240, 1024)),
            1e-3);
    Preprocessing preprocessing = Preprocessing.parse("torchvision", 224, 224);
    SamplingSettings settings =
        new SamplingSettings(new Execution(input, Networks.outputs(network), BATCH, 1), 1, 0.2);
    try (JavaSparkContext spark =
        new JavaSparkContext(SparkTest.conf("local[" + CORES + "]", "extraction"))) {
      spark.setLogLevel("WARN");
      ImageSource source =
          ImageSource.open(folder.toString(), SourceOptions.defaults(), new Configuration());
      PreparedImages prepared = prepared(spark, source, preprocessing);
      List<PreparedBlock> blocks = new ArrayList<>(prepared.blocks().collect());
      String last = layers.get(layers.size() - 1).input();
      byte[] bare = network.withOutputs(List.of(last)).toBytes();
      try (InferenceSession session = InferenceSession.open(bare, 1)) {
        double[] seconds =
            BenchFigures.medianSeconds(
                ROUNDS,
                () -> sample(spark, settings, network, prepared, groups),
                () -> bareInference(session, input, blocks, preprocessing),
                () -> prepared(spark, source, preprocessing).release(),
                () -> bareDecode(source, preprocessing));
        String setting = name + ", %,d images".formatted(prepared.count());
        Map<String, Double> parts =
            Map.of(
                "sampling s",
                seconds[0],
                "bare inference s",
                seconds[1],
                "preparing s",
                seconds[2],
                "bare decode s",
                seconds[3]);
        BenchFigures.add(
            "extraction", setting + ", bare / stage, decoded", seconds[1] / seconds[0], parts);
        BenchFigures.add(
            "extraction",
            setting + ", bare / stage, decode included",
            (seconds[1] + seconds[3]) / (seconds[0] + seconds[2]),
            parts);
      }
    }
  }

  /** The same images so many times over, as other files. */
  private static void copy(Path images, int copies, Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(images)) {
      for (Path image : files.filter(Files::isRegularFile).toList()) {
        for (int copy = 0; copy < copies; copy++) {
          Path target = folder.resolve(copy + "-" + images.relativize(image));
          Files.createDirectories(target.getParent());
          Files.copy(image, target);
        }
      }
    }
  }

  private static PreparedImages prepared(
      JavaSparkContext spark, ImageSource source, Preprocessing preprocessing) {
    return new PrepareImagesStage(
            spark,
            new PrepareImagesStage.Settings(
                preprocessing, ImageDecoder.DEFAULT_PIXEL_LIMIT, 0.001, 0))
        .run(source, 0);
  }

  /** Runs the network, draws the samples and writes them where the fits read them. */
  private static void sample(
      JavaSparkContext spark,
      SamplingSettings settings,
      OnnxNetwork network,
      PreparedImages prepared,
      LayerGroups groups) {
    LayerSamples samples = new SampleLayersStage(spark, settings).run(network, prepared, groups);
    // A job on one partition runs the whole map side of the shuffle.
    samples.blocks().take(1);
    samples.release();
  }

  private static void bareInference(
      InferenceSession session,
      InputShape input,
      List<PreparedBlock> blocks,
      Preprocessing preprocessing)
      throws Exception {
    inThreads(
        blocks,
        block -> {
          for (ImageBatch batch : ImageBatch.cut(block, BATCH)) {
            session.run(batch.tensor(preprocessing), batch.size(), input);
          }
        });
  }

  private static void bareDecode(ImageSource source, Preprocessing preprocessing) throws Exception {
    PrepareImagesStage.Selection selection =
        new PrepareImagesStage.Selection(source.imageCount(), 0);
    inThreads(
        source.blocks(),
        block -> {
          try (ImageBlockReader reader = new ImageBlockReader(new Configuration())) {
            ImageDecoder decoder = new ImageDecoder();
            for (EncodedImage encoded : reader.read(block)) {
              if (selection.includes(encoded.id())) {
                preprocessing.geometry().apply(decoder.decode(encoded.bytes()));
              }
            }
          }
        });
  }

  private interface Work<T> {
    void on(T part) throws Exception;
  }

  private static <T> void inThreads(Collection<T> parts, Work<T> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CORES);
    try {
      List<Callable<Object>> calls = new ArrayList<>();
      for (T part : parts) {
        calls.add(
            () -> {
              work.on(part);
              return part;
            });
      }
      for (Future<Object> done : threads.invokeAll(calls)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
