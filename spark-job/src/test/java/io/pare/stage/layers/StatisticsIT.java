package io.pare.stage.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.fit.GramFits;
import io.pare.algorithm.statistics.DrawnBlock;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.PatchGeometry;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.statistics.SolvedMoments;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Window;
import io.pare.model.Layer;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.TensorData;
import io.pare.stage.images.PreparedBlock;
import io.pare.stage.images.PreparedImage;
import io.pare.testing.SparkTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The statistics that fits start from do not depend on how the work is spread, and are right. */
class StatisticsIT {
  private final SampledNetwork sampled = new SampledNetwork();

  @BeforeAll
  static void pinThreads() {
    DenseAlgebra.useThreads(1);
  }

  @Test
  void theSameBitsComeOutOfAnyNumberOfPartitionsAndCoresAndOfASerialLoop() {
    List<Moments> serial = serial();

    assertThat(serial).hasSize(5);
    for (String master : List.of("local[1]", "local[2]")) {
      try (JavaSparkContext spark = new JavaSparkContext(SparkTest.conf(master, "statistics"))) {
        for (int partitions : List.of(1, 2, 4)) {
          List<Moments> distributed = distributed(spark, partitions);

          assertThat(distributed)
              .as("%s, %d partitions", master, partitions)
              .usingRecursiveComparison()
              .isEqualTo(serial);
        }
      }
    }
  }

  private List<Moments> distributed(JavaSparkContext spark, int partitions) {
    LayerSamples samples =
        new SampleLayersStage(spark, sampled.settings)
            .run(sampled.network, sampled.images(spark, partitions), sampled.groups);
    try (SolveLayersStage.Statistics statistics =
        new SolveLayersStage(spark, 1, 0.2).gather(samples, sampled.groups)) {
      return statistics.statistics().stream()
          .map(group -> ((SolvedMoments) group.statistics()).moments())
          .toList();
    } finally {
      samples.release();
    }
  }

  /** Every layer group with loops over images, positions and kernel entries, and no Spark. */
  private List<Moments> serial() {
    List<Moments> result = new ArrayList<>();
    List<String> tensors =
        sampled.layers.compressible().stream().flatMap(Layer::sampled).distinct().toList();
    byte[] probe = sampled.network.withOutputs(tensors).toBytes();
    try (InferenceSession session = InferenceSession.open(probe, 1)) {
      for (Layer layer : sampled.layers.compressible()) {
        for (int group = 0; group < layer.groups(); group++) {
          LayerProblem problem = sampled.groups.problemsOf(layer).get(group);
          List<PairedBlock> blocks = new ArrayList<>();
          for (PreparedBlock block : sampled.blocks()) {
            for (List<PreparedImage> images : batches(block.images())) {
              DrawnBlock drawn = samples(session, images, layer, group);
              SampleBlock outputs = drawn.joinedBy(problem.outputs(drawn.inputs()));
              blocks.add(new PairedBlock(outputs, drawn.inputs(), drawn.summand()));
            }
          }
          result.add(GramFits.moments(problem, PairedBlock.chunks(blocks.iterator())));
        }
      }
    }
    return result;
  }

  private static List<List<PreparedImage>> batches(List<PreparedImage> images) {
    List<List<PreparedImage>> batches = new ArrayList<>();
    for (int from = 0; from < images.size(); from += SampledNetwork.BATCH) {
      batches.add(images.subList(from, Math.min(images.size(), from + SampledNetwork.BATCH)));
    }
    return batches;
  }

  private DrawnBlock samples(
      InferenceSession session, List<PreparedImage> images, Layer layer, int group) {
    int length = sampled.preprocessing.length();
    float[] tensor = new float[images.size() * length];
    for (int k = 0; k < images.size(); k++) {
      sampled.preprocessing.normalization().apply(images.get(k).pixels(), tensor, k * length);
    }
    Map<String, TensorData> activations = session.run(tensor, images.size(), sampled.input);
    return new DrawnBlock(
        rows(images, layer, (k, at) -> patch(activations.get(layer.input()), k, layer, group, at)),
        Optional.of(layer.summand())
            .filter(summand -> !summand.isEmpty())
            .map(activations::get)
            .map(summand -> rows(images, layer, (k, at) -> channels(summand, k, at))));
  }

  private SampleBlock rows(
      List<PreparedImage> images, Layer layer, BiFunction<Integer, Integer, float[]> row) {
    List<float[]> fit = new ArrayList<>();
    List<float[]> heldOut = new ArrayList<>();
    for (int k = 0; k < images.size(); k++) {
      long id = images.get(k).id();
      for (int position : positions(id, layer)) {
        (sampled.settings.heldOutImages().contains(id) ? heldOut : fit).add(row.apply(k, position));
      }
    }
    int columns = row.apply(0, 0).length;
    return new SampleBlock(stacked(fit, columns), stacked(heldOut, columns));
  }

  private static float[] channels(TensorData tensor, int image, int position) {
    int positions = (int) (tensor.shape()[2] * tensor.shape()[3]);
    float[] values = new float[(int) tensor.shape()[1]];
    for (int c = 0; c < values.length; c++) {
      values[c] = tensor.values()[(image * values.length + c) * positions + position];
    }
    return values;
  }

  private int[] positions(long id, Layer layer) {
    int available = Math.toIntExact(layer.geometry().outputPositions());
    return PatchGeometry.positions(sampled.settings.positionSeed(id, layer.index()), available, 9);
  }

  private static float[] patch(TensorData tensor, int image, Layer layer, int group, int position) {
    LayerShape shape = layer.shape();
    float[] patch = new float[shape.columns()];
    if (layer.operator().isFullyConnected()) {
      System.arraycopy(tensor.values(), image * patch.length, patch, 0, patch.length);
      return patch;
    }
    int channels = (int) tensor.shape()[1];
    int height = (int) tensor.shape()[2];
    int width = (int) tensor.shape()[3];
    Window.Axis down = layer.window().axes().get(0);
    Window.Axis across = layer.window().axes().get(1);
    int row = position / layer.geometry().outputWidth() * down.stride() - down.before();
    int column = position % layer.geometry().outputWidth() * across.stride() - across.before();
    int at = 0;
    for (int c = group * shape.inputChannels(); c < (group + 1) * shape.inputChannels(); c++) {
      for (int y = row; y < row + shape.kernelHeight(); y++) {
        for (int x = column; x < column + shape.kernelWidth(); x++) {
          boolean inside = y >= 0 && y < height && x >= 0 && x < width;
          patch[at++] =
              inside ? tensor.values()[((image * channels + c) * height + y) * width + x] : 0;
        }
      }
    }
    return patch;
  }

  private static Samples stacked(List<float[]> rows, int columns) {
    float[] values = new float[rows.size() * columns];
    for (int k = 0; k < rows.size(); k++) {
      System.arraycopy(rows.get(k), 0, values, k * columns, columns);
    }
    return new Samples(rows.size(), columns, values);
  }
}
