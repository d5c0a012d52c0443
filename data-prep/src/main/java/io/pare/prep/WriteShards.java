package io.pare.prep;

import io.pare.FullDiskException;
import io.pare.io.block.EncodedImage;
import io.pare.io.block.ImageBlock;
import io.pare.io.image.BadImageException;
import io.pare.io.image.ImageDecoder;
import io.pare.io.image.RgbImage;
import io.pare.io.source.ImageBlockReader;
import io.pare.io.source.ParquetImageWriter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Decodes and writes all shards, one task each. Runs on the driver. */
final class WriteShards {
  private final JavaSparkContext spark;
  private final DataSetDirectory directory;

  WriteShards(JavaSparkContext spark, DataSetDirectory directory) {
    this.spark = spark;
    this.directory = directory;
  }

  /** Writes into the staging directory; the results are in the order of the shards. */
  List<ShardResult> write(List<Shard> shards, PackOptions options, List<String> classNames) {
    Broadcast<SerializableConfiguration> configuration =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    Progress progress = new Progress(shards.size(), System.err);
    spark.sc().addSparkListener(progress);
    spark.setJobDescription("pack " + shards.size() + " shards of " + options.source());
    try {
      return spark
          .parallelize(shards, shards.size())
          .map(
              new WriteShard(
                  configuration,
                  directory.staging(),
                  options.split(),
                  shards.size(),
                  List.copyOf(classNames),
                  options.shorterSide().orElse(0)))
          .collect();
    } finally {
      spark.setJobDescription(null);
      spark.sc().removeSparkListener(progress);
      configuration.destroy();
    }
  }

  /** Runs on an executor. */
  private static final class WriteShard implements Function<Shard, ShardResult> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<SerializableConfiguration> configuration;
    private final String staging;
    private final String split;
    private final int shards;
    private final List<String> classNames;
    private final int shorterSide;
    private final ImageDecoder decoder = new ImageDecoder();

    WriteShard(
        Broadcast<SerializableConfiguration> configuration,
        String staging,
        String split,
        int shards,
        List<String> classNames,
        int shorterSide) {
      this.configuration = configuration;
      this.staging = staging;
      this.split = split;
      this.shards = shards;
      this.classNames = classNames;
      this.shorterSide = shorterSide;
    }

    @Override
    public ShardResult call(Shard shard) throws IOException {
      try {
        return written(shard);
      } catch (IOException | FSError e) { // an error is how Hadoop tells of a full local disk
        Optional<FullDiskException> full = FullDiskException.of(staging, e);
        if (full.isPresent()) {
          throw full.get();
        }
        throw e;
      }
    }

    private ShardResult written(Shard shard) throws IOException {
      String name = shard.fileName(split, shards);
      Configuration hadoop =
          DataSetDirectory.forOutput(new Path(staging), configuration.value().value());
      Path attempt =
          DataSetDirectory.attempt(staging, name, TaskContext.get().taskAttemptId(), hadoop);
      HashingOutputFile file = new HashingOutputFile(HadoopOutputFile.fromPath(attempt, hadoop));
      TreeMap<Integer, Long> perClass = new TreeMap<>();
      BadImages bad = new BadImages();
      long images = 0;
      try (ImageBlockReader reader = new ImageBlockReader(hadoop);
          ParquetImageWriter writer =
              new ParquetImageWriter(
                  file, classNames, ParquetImageWriter.DEFAULT_ROW_GROUP_BYTES, hadoop)) {
        for (ImageBlock block : shard.blocks()) {
          for (EncodedImage image : reader.read(block)) {
            Optional<EncodedImage> good = checked(image, bad);
            if (good.isPresent()) {
              writer.write(good.get());
              perClass.merge(image.label(), 1L, Long::sum);
              images++;
            }
          }
        }
      }
      DataSetDirectory.keep(staging, attempt, name, hadoop);
      return new ShardResult(name, file.length(), file.sha256(), images, perClass, bad);
    }

    private Optional<EncodedImage> checked(EncodedImage image, BadImages bad) throws IOException {
      try {
        RgbImage pixels = decoder.decode(image.bytes());
        if (shorterSide > 0 && Shrinking.applies(pixels, shorterSide)) {
          byte[] smaller = Shrinking.shrink(pixels, shorterSide);
          return Optional.of(new EncodedImage(image.id(), image.name(), image.label(), smaller));
        }
        return Optional.of(image);
      } catch (BadImageException e) {
        bad.add(image.name(), e);
        return Optional.empty();
      }
    }
  }
}
