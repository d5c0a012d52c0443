package io.pare.prep;

import io.pare.InputException;
import io.pare.io.publish.ResultPlaces;
import io.pare.io.source.ImageSource;
import io.pare.prep.DataSetDirectory.Overwrite;
import io.pare.stage.images.IndexShardsStage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Packs a data set: lists the source, writes its good images as Parquet shards, publishes them.
 *
 * <p>The files have the same bytes for any number of executors.
 */
final class Packing {
  private static final int BAD_NAMES_TOLD = 5;

  private final JavaSparkContext spark;

  Packing(JavaSparkContext spark) {
    this.spark = spark;
  }

  /**
   * Packs.
   *
   * @return what was published
   * @throws InputException if source, labels or output do not do, or too many images are bad
   */
  PackSummary pack(PackOptions options, Overwrite overwrite) throws IOException {
    String runId = spark.sc().applicationId().replaceAll("[^A-Za-z0-9_-]", "-");
    DataSetDirectory directory =
        DataSetDirectory.of(options.output(), runId, spark.hadoopConfiguration());
    ResultPlaces places = new ResultPlaces(spark.hadoopConfiguration());
    options.inputs().forEach((what, path) -> places.requireApart(what, path, options.output()));
    places.requireOutsideResults("--output", options.output());
    ImageSource source = list(options);
    if (!source.classNames().isEmpty()) {
      source.requireLabels(source.classNames().size());
    }
    List<Shard> shards = Shard.plan(source.blocks(), options.imagesPerShard());
    directory.prepare(overwrite);
    try {
      List<ShardResult> written =
          new WriteShards(spark, directory).write(shards, options, source.classNames());
      PackSummary summary = new PackSummary(written, source.classNames());
      checkBadImages(summary.bad(), source, options.maxBadImages());
      directory.publish(written, summary.json(options.command(), versions()));
      return summary;
    } finally {
      directory.discard();
    }
  }

  /** Executors read what is in the shards of a WebDataset. */
  private ImageSource list(PackOptions options) throws IOException {
    return ImageSource.open(
        options.source(),
        options.labels(),
        spark.hadoopConfiguration(),
        new IndexShardsStage(spark));
  }

  private static void checkBadImages(BadImages bad, ImageSource source, BadImageLimit limit) {
    long most = limit.of(source.imageCount());
    if (bad.count() > most || bad.count() == source.imageCount()) {
      throw InputException.data(
          "%s: %d of %d images are bad, at most %d may be: %s; mend them or raise --max-bad-images"
              .formatted(
                  source.location(),
                  bad.count(),
                  source.imageCount(),
                  most,
                  bad.first(BAD_NAMES_TOLD)));
    }
  }

  private Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    versions.put(
        "pare",
        Optional.ofNullable(Packing.class.getPackage().getImplementationVersion())
            .orElse("unpacked build"));
    versions.put("spark", spark.version());
    versions.put("hadoop", VersionInfo.getVersion());
    versions.put("java", Runtime.version().toString());
    return versions;
  }
}
