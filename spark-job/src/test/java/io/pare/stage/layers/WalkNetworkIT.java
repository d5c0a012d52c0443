package io.pare.stage.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.statistics.DrawnBlock;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.io.image.RgbImage;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.Frontier;
import io.pare.model.Layer;
import io.pare.model.LayerLevels;
import io.pare.model.OnnxNetwork;
import io.pare.model.rewrite.ModelRewriter;
import io.pare.model.rewrite.Replacement;
import io.pare.stage.images.PreparedBlock;
import io.pare.stage.images.PreparedImage;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.Activations;
import io.pare.stage.network.Execution;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import io.pare.testing.SparkTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

/** A network that is run section by section gives what a whole run of it gives. */
class WalkNetworkIT {
  private static final int SIDE = 16;
  private static final int IMAGES = 12;
  private static final float TOLERANCE = 1e-4f;

  /**
   * A branch with two layers beside one with a single layer, joined; then a residual addition, and
   * another with a layer in the shortcut that the graph computes last.
   */
  private final OnnxNetwork network =
      Networks.read(
          ModelBuilder.seeded(3)
              .input("x", -1, 3, SIDE, SIDE)
              .conv("stem", "x", 8, 3, 3)
              .relu("r0", "stem")
              .conv("short", "r0", 6, 8, 1)
              .relu("r1", "short")
              .conv("reduce", "r0", 4, 8, 1)
              .relu("r2", "reduce")
              .conv("wide", "r2", 10, 4, 3, ModelBuilder.ints("pads", 1, 1, 1, 1))
              .relu("r3", "wide")
              .concat("joined", "r1", "r3")
              .conv("inner", "joined", 16, 16, 3, ModelBuilder.ints("pads", 1, 1, 1, 1))
              .relu("r4", "inner")
              .conv("last", "r4", 16, 16, 1)
              .add("sum", "last", "joined")
              .relu("r5", "sum")
              .conv("down", "r5", 8, 16, 1)
              .relu("r6", "down")
              .conv("up", "r6", 16, 8, 3, ModelBuilder.ints("pads", 1, 1, 1, 1))
              .conv("side", "r5", 16, 16, 1)
              .add("total", "up", "side")
              .relu("r7", "total")
              .globalAveragePool("mean", "r7")
              .flatten("flat", "mean")
              .gemm("gemm", "flat", 5, 16)
              .output("gemm", -1, 5));

  private final LayerGroups groups =
      LayerGroups.of(
          network,
          Networks.layers(network).compressible(),
          new LayerGroups.Amount(4, 9, IMAGES, 0.25, new WideLayers(8192, 10240, 1024)),
          0.001);
  private final SamplingSettings settings =
      new SamplingSettings(
          new Execution(Networks.image(network), Networks.outputs(network), 5, 1), 5, 0.25);

  @Test
  void everyLevelIsGivenWhatAWholeRunOfTheNetworkSoFarComputes() {
    try (JavaSparkContext spark = new JavaSparkContext(SparkTest.conf("local[2]", "walk"))) {
      PreparedImages images = images(spark);
      List<Layer> pending = new ArrayList<>(groups.layers());
      List<Replacement> done = new ArrayList<>();
      SampleLayersStage sampling = new SampleLayersStage(spark, settings);
      try (WalkNetworkStage walk =
          new WalkNetworkStage(spark, settings.execution(), network, images, groups)) {
        for (List<Layer> level : LayerLevels.of(network, groups.layers())) {
          OnnxNetwork soFar = ModelRewriter.rewrite(network, done, Map.of());
          Activations activations = walk.advance(soFar, pending, layer -> layer.cost().macs());
          LayerGroups theirs = groups.subset(level);

          assertSame(
              sampling.run(activations, theirs).blocks().collect(),
              sampling.run(soFar, images, theirs).blocks().collect());

          walk.arrived();
          for (Layer layer : level) {
            done.add(
                new Replacement(layer, Networks.approximations(layer, List.of("channel"), 17)));
          }
          pending.removeAll(level);
        }
      }
    }
  }

  @Test
  void whatJoinsALayerIsSampledOfTheImagesAtTheSamePositions() {
    try (JavaSparkContext spark = new JavaSparkContext(SparkTest.conf("local[2]", "summand"))) {
      LayerGroups last =
          groups.subset(groups.layers().stream().filter(l -> l.output().equals("last")).toList());
      List<Tuple2<SampleKey, DrawnBlock>> drawn =
          new SampleLayersStage(spark, settings)
              .run(network, images(spark), last)
              .blocks()
              .collect();

      assertThat(last.layers().get(0).follows()).isEqualTo("relu behind an addition");
      assertThat(drawn).isNotEmpty();
      for (Tuple2<SampleKey, DrawnBlock> block : drawn) {
        // "last" is a 1 x 1 convolution of relu(inner); both of its tensors have 16 channels.
        SampleBlock inputs = block._2().inputs();
        SampleBlock summand = block._2().summand().orElseThrow();
        assertThat(summand.fit().rows()).isEqualTo(inputs.fit().rows());
        assertThat(summand.heldOut().rows()).isEqualTo(inputs.heldOut().rows());
        assertThat(summand.fit().columns()).isEqualTo(16);
      }
      assertClose(summands(drawn), serial(spark));
    }
  }

  private static float[] summands(List<Tuple2<SampleKey, DrawnBlock>> drawn) {
    return SampleBlock.joined(drawn.stream().map(t -> t._2().summand().orElseThrow()).toList())
        .fit()
        .values();
  }

  /** Samples of a layer that reads the summand itself, with the positions of "last". */
  private float[] serial(JavaSparkContext spark) {
    Layer last =
        groups.layers().stream().filter(l -> l.output().equals("last")).findFirst().orElseThrow();
    Layer reader =
        new Layer(
            last.index(),
            last.name(),
            last.operator(),
            last.shape(),
            1,
            last.window(),
            last.geometry(),
            last.summand(),
            1,
            last.output(),
            List.of(),
            last.activation(),
            "",
            "");
    LayerGroups reading =
        LayerGroups.of(
            network,
            List.of(reader),
            new LayerGroups.Amount(4, 9, IMAGES, 0.25, new WideLayers(8192, 10240, 1024)),
            0.001);
    LayerGroups cut =
        new LayerGroups(network, reading.sampled(), reading.ridge(), groups.valuesPerImage());
    return SampleBlock.joined(
            new SampleLayersStage(spark, settings)
                .run(network, images(spark), cut).blocks().collect().stream()
                    .map(t -> t._2().inputs())
                    .toList())
        .fit()
        .values();
  }

  @Test
  void aSectionHoldsNoSettledLayerAgain() {
    Frontier between = Frontier.between(network, groups.layers());
    List<Layer> open = new ArrayList<>(groups.layers());
    open.removeIf(layer -> Set.of("stem", "short", "reduce").contains(layer.output()));

    Set<String> frontier = between.of(network, open);
    open.removeIf(layer -> layer.output().equals("wide"));
    Set<String> next = between.of(network, open);
    OnnxNetwork section = between.section(network, frontier, next);

    assertThat(frontier).containsExactlyInAnyOrder("short", "r2");
    assertThat(next).containsExactly("joined");
    assertThat(section.nodes()).extracting(node -> node.getOutput(0)).contains("wide", "joined");
    assertThat(section.nodes())
        .extracting(node -> node.getOutput(0))
        .doesNotContain("stem", "short", "reduce", "inner");
  }

  private static void assertSame(
      List<Tuple2<SampleKey, DrawnBlock>> actual, List<Tuple2<SampleKey, DrawnBlock>> expected) {
    assertThat(actual).extracting(Tuple2::_1).isEqualTo(expected.stream().map(Tuple2::_1).toList());
    for (int k = 0; k < expected.size(); k++) {
      DrawnBlock one = actual.get(k)._2();
      DrawnBlock other = expected.get(k)._2();
      assertClose(one.inputs(), other.inputs());
      assertThat(one.summand().isPresent()).isEqualTo(other.summand().isPresent());
      one.summand().ifPresent(s -> assertClose(s, other.summand().orElseThrow()));
    }
  }

  private static void assertClose(SampleBlock actual, SampleBlock expected) {
    assertClose(actual.fit().values(), expected.fit().values());
    assertClose(actual.heldOut().values(), expected.heldOut().values());
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int k = 0; k < actual.length; k++) {
      assertThat(Math.abs(actual[k] - expected[k])).isLessThan(TOLERANCE);
    }
  }

  private PreparedImages images(JavaSparkContext spark) {
    Random random = new Random(29);
    List<PreparedBlock> blocks = new ArrayList<>();
    for (int id = 0; id < IMAGES; id += 6) {
      List<PreparedImage> images = new ArrayList<>();
      for (int k = 0; k < 6; k++) {
        byte[] pixels = new byte[SIDE * SIDE * 3];
        random.nextBytes(pixels);
        images.add(new PreparedImage(id + k, 0, new RgbImage(SIDE, SIDE, pixels)));
      }
      blocks.add(new PreparedBlock(id / 6, images, List.of()));
    }
    return new PreparedImages(
        spark.parallelize(blocks, 2),
        IMAGES,
        List.of(),
        List.of(),
        Preprocessing.parse("raw,scale=1/255", SIDE, SIDE));
  }
}
