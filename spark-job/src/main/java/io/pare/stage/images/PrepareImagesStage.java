package io.pare.stage.images;

import io.pare.io.block.EncodedImage;
import io.pare.io.block.ImageBlock;
import io.pare.io.image.BadImageException;
import io.pare.io.image.ImageDecoder;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.io.source.ImageBlockReader;
import io.pare.io.source.ImageSource;
import io.pare.stage.spark.Iterators;
import io.pare.stage.spark.Partitions;
import io.pare.stage.spark.RunCounters;
import io.pare.stage.spark.TaskFailure;
import io.pare.stage.spark.TaskResources;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads, decodes and resizes the images once, so that each later pass starts from pixels: a pass
 * per layer would otherwise decode every image again. The pixels stay on the executors, in memory
 * where there is room and on their disks where there is not.
 */
public final class PrepareImagesStage {
  private final JavaSparkContext spark;
  private final Settings settings;

  /**
   * How images are read.
   *
   * @param preprocessing to the network's input
   * @param pixelLimit largest image
   * @param maxBadImages share of bad images that is tolerated
   * @param labelOffset added to each label
   */
  public record Settings(
      Preprocessing preprocessing, long pixelLimit, double maxBadImages, int labelOffset)
      implements java.io.Serializable {}

  /** A stage on a running Spark application. */
  public PrepareImagesStage(JavaSparkContext spark, Settings settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /**
   * Prepares images.
   *
   * @param source the data set
   * @param limit images to use, evenly spread over the data set; 0: all
   * @throws io.pare.InputException when too many are bad
   */
  public PreparedImages run(ImageSource source, long limit) {
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    Selection selection = new Selection(source.imageCount(), limit);
    JavaRDD<PreparedBlock> blocks =
        spark
            .parallelize(source.blocks(), Partitions.of(spark, source.blocks().size()))
            .mapPartitions(new DecodeImages(hadoop, settings, selection))
            .persist(StorageLevel.MEMORY_AND_DISK_SER());
    spark.setJobDescription("prepare images of " + source.location());
    List<Count> counts = new ArrayList<>(blocks.map(Count::of).collect());
    counts.sort(Comparator.comparingInt(Count::block));
    List<BadImage> bad = counts.stream().flatMap(c -> c.bad().stream()).toList();
    long good = counts.stream().mapToLong(Count::good).sum();
    PreparedImages images =
        new PreparedImages(blocks, good, bad, source.skipped(), settings.preprocessing());
    images.requireGood(source.location(), settings.maxBadImages());
    return images;
  }

  /** What one block holds. */
  public record Count(int block, int good, List<BadImage> bad) {
    static Count of(PreparedBlock block) {
      return new Count(block.index(), block.images().size(), block.bad());
    }
  }

  /** Which images of a data set are used: all, or so many spread evenly. */
  public record Selection(long total, long wanted) implements java.io.Serializable {
    public boolean includes(long id) {
      return place(id + 1) > place(id);
    }

    /** How many of the images before this one are used. */
    long place(long id) {
      return wanted == 0 || wanted >= total ? id : Math.multiplyExact(id, wanted) / total;
    }
  }

  private static final class DecodeImages
      implements FlatMapFunction<Iterator<ImageBlock>, PreparedBlock> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<SerializableConfiguration> hadoop;
    private final Settings settings;
    private final Selection selection;

    DecodeImages(
        Broadcast<SerializableConfiguration> hadoop, Settings settings, Selection selection) {
      this.hadoop = hadoop;
      this.settings = settings;
      this.selection = selection;
    }

    @Override
    public Iterator<PreparedBlock> call(Iterator<ImageBlock> blocks) {
      ImageBlockReader reader = new ImageBlockReader(hadoop.value().value());
      TaskResources.closeAtEnd(reader);
      ImageDecoder decoder = new ImageDecoder(settings.pixelLimit());
      return Iterators.mapping(blocks, block -> decode(block, reader, decoder));
    }

    private PreparedBlock decode(ImageBlock block, ImageBlockReader reader, ImageDecoder decoder) {
      List<PreparedImage> images = new ArrayList<>(block.count());
      List<BadImage> bad = new ArrayList<>();
      for (EncodedImage encoded : read(block, reader)) {
        if (selection.includes(encoded.id())) {
          try {
            images.add(
                new PreparedImage(
                    selection.place(encoded.id()),
                    label(encoded),
                    settings.preprocessing().geometry().apply(decoder.decode(encoded.bytes()))));
          } catch (BadImageException e) {
            bad.add(new BadImage(encoded.id(), encoded.name(), e.getMessage()));
          }
        }
      }
      RunCounters.IMAGES_READ.add(images.size());
      RunCounters.IMAGES_BAD.add(bad.size());
      return new PreparedBlock(block.index(), images, bad);
    }

    private int label(EncodedImage image) {
      return image.label() == EncodedImage.NO_LABEL
          ? EncodedImage.NO_LABEL
          : image.label() + settings.labelOffset();
    }

    private static List<EncodedImage> read(ImageBlock block, ImageBlockReader reader) {
      long last = block.firstId() + block.count() - 1;
      return TaskFailure.named(
          "images %d to %d cannot be read".formatted(block.firstId(), last),
          () -> reader.read(block));
    }
  }
}
