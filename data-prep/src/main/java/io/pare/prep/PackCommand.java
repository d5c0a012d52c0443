package io.pare.prep;

import io.pare.io.source.SourceOptions;
import io.pare.prep.DataSetDirectory.Overwrite;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code pack}. */
@Command(
    name = "pack",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Packs images into the Parquet data set that Pare reads: class folders, a tar of them, the"
          + " ILSVRC training and validation tars, a folder of images, or other Parquet.",
      "Paths may be on any Hadoop file system."
    })
final class PackCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SOURCE", description = "Folder, tar or Parquet file with the images.")
  private String source = "";

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder to make; appears when it is complete.")
  private String output = "";

  @Option(
      names = "--synsets",
      paramLabel = "FILE",
      description = "Class names, one a line; line 1 is class 0 (for ImageNet: sorted synsets).")
  private Optional<String> synsets = Optional.empty();

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "\"name,label\" lines; a label is a class index or a class name.")
  private Optional<String> labels = Optional.empty();

  @Option(
      names = "--ground-truth",
      paramLabel = "FILE",
      description = "One class a line, in the order of image names (ILSVRC validation).")
  private Optional<String> groundTruth = Optional.empty();

  @Option(
      names = "--synset-ids",
      paramLabel = "FILE",
      description = "\"ILSVRC2012_ID synset\" lines, if the ground truth holds such numbers.")
  private Optional<String> synsetIds = Optional.empty();

  @Option(
      names = "--shorter-side",
      paramLabel = "PIXELS",
      description = "Makes images with a longer shorter side smaller, as JPEG of quality 95.")
  private Optional<Integer> shorterSide = Optional.empty();

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = "train",
      description = "First part of the file names (default: ${DEFAULT-VALUE}).")
  private String split = "";

  @Option(
      names = "--images-per-shard",
      paramLabel = "COUNT",
      defaultValue = "1000",
      description = "Most images in a file (default: ${DEFAULT-VALUE}).")
  private int imagesPerShard;

  @Option(
      names = "--max-bad-images",
      paramLabel = "LIMIT",
      defaultValue = "0.001",
      description =
          "Most images that may be unreadable: a count, or a fraction with a point, which allows"
              + " at least one (default: ${DEFAULT-VALUE}).")
  private String maxBadImages = "";

  @Option(names = "--overwrite", description = "Replaces a packed data set at the output.")
  private boolean overwrite;

  @Override
  public Integer call() throws IOException {
    PackOptions options = options();
    // Records travel here, which the Kryo that Spark carries cannot copy.
    SparkConf conf =
        new SparkConf()
            .set("spark.serializer", "org.apache.spark.serializer.JavaSerializer")
            .setIfMissing("spark.app.name", "pare-prep pack");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      PackSummary summary =
          new Packing(spark)
              .pack(options, overwrite ? Overwrite.A_PACKED_DATA_SET : Overwrite.NEVER);
      spec.commandLine()
          .getOut()
          .printf(
              "pare-prep: packed %,d images of %,d classes, %,d bytes, into %s; left out %,d bad%n",
              summary.images(),
              summary.classes(),
              summary.bytes(),
              options.output(),
              summary.bad().count());
    }
    return 0;
  }

  private PackOptions options() {
    List<String> command = spec.commandLine().getParseResult().originalArgs();
    SourceOptions sourceOptions =
        new SourceOptions(synsets, labels, groundTruth, synsetIds, Shard.blockSize(imagesPerShard));
    return new PackOptions(
        source,
        sourceOptions,
        output,
        split,
        imagesPerShard,
        shorterSide.map(OptionalInt::of).orElse(OptionalInt.empty()),
        BadImageLimit.parse(maxBadImages),
        command);
  }
}
