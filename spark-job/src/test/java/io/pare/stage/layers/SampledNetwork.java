package io.pare.stage.layers;

import io.pare.io.image.RgbImage;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.InputShape;
import io.pare.model.NetworkLayers;
import io.pare.model.OnnxNetwork;
import io.pare.stage.images.PreparedBlock;
import io.pare.stage.images.PreparedImage;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.Execution;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;

/** A small network with every kind of layer, and seeded images for it. */
public final class SampledNetwork {
  static final int SIDE = 12;
  static final int BLOCKS = 6;
  static final int IMAGES_OF_A_BLOCK = 7;
  static final int BATCH = 4;
  static final double HELD_OUT = 0.25;

  final OnnxNetwork network =
      Networks.read(
          ModelBuilder.seeded(11)
              .input("x", -1, 3, SIDE, SIDE)
              .conv("first", "x", 8, 3, 3)
              .relu("r1", "first")
              .conv(
                  "grouped",
                  "r1",
                  8,
                  4,
                  3,
                  ModelBuilder.ints("pads", 1, 1, 1, 1),
                  ModelBuilder.ints("strides", 2, 2),
                  ModelBuilder.number("group", 2))
              .relu("r2", "grouped")
              .conv("second", "r2", 8, 8, 1)
              .add("sum", "second", "r2")
              .relu("r3", "sum")
              .globalAveragePool("mean", "r3")
              .flatten("flat", "mean")
              .gemm("gemm", "flat", 5, 8)
              .output("gemm", -1, 5));
  final NetworkLayers layers = Networks.layers(network);
  final InputShape input = Networks.image(network);
  public final Preprocessing preprocessing = Preprocessing.parse("raw,scale=1/255", SIDE, SIDE);
  public final LayerGroups groups =
      LayerGroups.of(
          network,
          layers.compressible(),
          new LayerGroups.Amount(
              8, 9, (long) BLOCKS * IMAGES_OF_A_BLOCK, HELD_OUT, new WideLayers(8192, 10240, 1024)),
          0.001);
  public final SamplingSettings settings =
      new SamplingSettings(new Execution(input, Networks.outputs(network), BATCH, 1), 5, HELD_OUT);

  /** Blocks of unequal lengths, as data sets have. */
  public List<PreparedBlock> blocks() {
    Random random = new Random(23);
    List<PreparedBlock> blocks = new ArrayList<>();
    long id = 0;
    for (int block = 0; block < BLOCKS; block++) {
      List<PreparedImage> images = new ArrayList<>();
      for (int k = 0; k < IMAGES_OF_A_BLOCK - block % 3; k++) {
        byte[] pixels = new byte[SIDE * SIDE * 3];
        random.nextBytes(pixels);
        images.add(new PreparedImage(id++, block % 5, new RgbImage(SIDE, SIDE, pixels)));
      }
      blocks.add(new PreparedBlock(block, images, List.of()));
    }
    return blocks;
  }

  /** The images in so many partitions. */
  PreparedImages images(JavaSparkContext spark, int partitions) {
    List<PreparedBlock> blocks = blocks();
    long count = blocks.stream().mapToLong(block -> block.images().size()).sum();
    return new PreparedImages(
        spark.parallelize(blocks, partitions), count, List.of(), List.of(), preprocessing);
  }

  /** How one of its layers is sampled, as tasks hold it. */
  public Object sampling() {
    return groups.samplings().get(1);
  }
}
