package io.pare.run.input;

import io.pare.InputException;
import io.pare.config.JobConfig;
import io.pare.io.source.ImageSource;
import io.pare.io.source.SourceOptions;
import io.pare.model.OnnxNetwork;
import io.pare.model.output.NetworkOutputs;
import io.pare.report.Warning;
import io.pare.run.progress.Warnings;
import io.pare.stage.images.BadImage;
import io.pare.stage.images.IndexShardsStage;
import io.pare.stage.images.PrepareImagesStage;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.EvaluateModelStage;
import io.pare.stage.network.Execution;
import io.pare.stage.network.MeasureSensitivityStage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The images of a job as its network takes them. */
public final class JobImages {
  private static final Logger LOG = LoggerFactory.getLogger(JobImages.class);

  private final JavaSparkContext spark;
  private final SourceNetwork source;
  private final JobConfig.Reading reading;
  private final SharedImages shared;
  private final Execution execution;
  private final Map<Listed, ImageSource> listed = new HashMap<>();

  /**
   * Images of a network.
   *
   * @param shared with other networks of the application
   */
  public JobImages(
      JavaSparkContext spark,
      SourceNetwork source,
      JobConfig.Reading reading,
      SharedImages shared) {
    this.spark = spark;
    this.source = source;
    this.reading = reading;
    this.shared = shared;
    execution =
        new Execution(
            source.input(),
            source.outputs(),
            reading.batchSize(),
            SparkApplication.threads(spark, reading.threads()));
  }

  /** Images that no other network of the application looks at. */
  public static JobImages alone(
      JavaSparkContext spark, SourceNetwork source, JobConfig.Reading reading) {
    return new JobImages(spark, source, reading, new SharedImages());
  }

  /** Gives images back that this gave. */
  public void release(PreparedImages images) {
    shared.release(images);
  }

  /** How networks are run on them. */
  public Execution execution() {
    return execution;
  }

  /** How the sensitivity of the output is measured. */
  public MeasureSensitivityStage sensitivity() {
    return new MeasureSensitivityStage(spark, execution);
  }

  /**
   * The calibration images, held on the executors.
   *
   * @throws InputException when they are missing, too many are bad, or they are too few for some to
   *     be held out from the fit
   */
  public PreparedImages calibration(JobConfig.Calibration calibration) {
    SourceOptions options = SourceOptions.defaults();
    PreparedImages prepared =
        prepared(
            pixels(calibration.images(), options, calibration.limit(), 0),
            () -> open(calibration.images(), options));
    long fewest = (long) Math.ceil(1 / calibration.heldOut());
    if (prepared.count() < fewest) {
      release(prepared);
      throw InputException.data(
          "%s: %d good images are used for calibration, but at least %d are needed to hold out validation-fraction = %s of them; give more images"
              .formatted(calibration.images(), prepared.count(), fewest, calibration.heldOut()));
    }
    return prepared;
  }

  /**
   * The labelled images, held on the executors.
   *
   * @param validation whose images are set
   * @throws InputException when they are missing, too many are bad, or a label is missing or no
   *     class of the network
   */
  public PreparedImages validation(JobConfig.Validation validation) {
    String location = validation.images().orElseThrow();
    SourceOptions options = options(validation);
    // Whoever has prepared the pixels, the labels must be classes of this network too.
    ImageSource images = open(location, options);
    int offset = validation.labelOffset().orElseGet(() -> background(images));
    requireLabels(images, offset);
    return prepared(pixels(location, options, 0, offset), () -> images);
  }

  /**
   * Warns of what was left out of a data set.
   *
   * @param location of the data set
   */
  public static void warn(PreparedImages images, String location, Warnings warnings) {
    List<BadImage> bad = images.bad();
    if (!bad.isEmpty()) {
      warnings.add(
          Warning.Code.BAD_IMAGES,
          "%d of %d images are bad and left out, the first is %s (%s)"
              .formatted(
                  bad.size(), images.count() + bad.size(), bad.get(0).name(), bad.get(0).reason()),
          location);
    }
    List<String> skipped = images.skipped();
    if (!skipped.isEmpty()) {
      warnings.add(
          Warning.Code.IMAGES_SKIPPED,
          "%d images of the archive are links or other special files and are left out, the first is %s; pack the files themselves"
              .formatted(skipped.size(), skipped.get(0)),
          location);
    }
  }

  /** A network with the outputs of the source that others are compared to on some images. */
  public EvaluateModelStage.Reference reference(PreparedImages images, OnnxNetwork network) {
    return reference(images, network, source.outputs());
  }

  /**
   * A network that others are compared to on some images.
   *
   * @param outputs of it, which match those of the source
   */
  public EvaluateModelStage.Reference reference(
      PreparedImages images, OnnxNetwork network, NetworkOutputs outputs) {
    return new EvaluateModelStage(spark, execution).reference(images, network, outputs);
  }

  private static SourceOptions options(JobConfig.Validation validation) {
    SourceOptions options = SourceOptions.defaults();
    if (validation.synsets().isPresent()) {
      options = options.withSynsets(validation.synsets().get());
    }
    if (validation.labels().isPresent()) {
      options = options.withLabels(validation.labels().get());
    }
    return options;
  }

  /** 1 where the network has a class of background in front of those that are known. */
  private int background(ImageSource images) {
    int known = images.isNumberedByFolders() ? 0 : images.classNames().size();
    boolean oneMore = known > 0 && source.classes().equals(OptionalInt.of(known + 1));
    if (oneMore) {
      LOG.info(
          "{} has {} outputs for {} classes: labels are one higher, after a class of background",
          source.name(),
          known + 1,
          known);
    }
    return oneMore ? 1 : 0;
  }

  private void requireLabels(ImageSource images, int offset) {
    source
        .classes()
        .ifPresent(
            classes -> {
              if (offset >= classes) {
                throw InputException.usage(
                    "label-offset = %d leaves no class to a network of %d outputs"
                        .formatted(offset, classes));
              }
              try {
                images.requireLabels(classes - offset);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /** How many calibration images there are, none of them looked at. */
  public long calibrationCount(JobConfig.Calibration calibration) {
    long all = open(calibration.images(), SourceOptions.defaults()).imageCount();
    return calibration.limit() == 0 ? all : Math.min(all, calibration.limit());
  }

  /** How many validation images there are; 0 where none are set. */
  public long validationCount(JobConfig.Validation validation) {
    return validation.images().isEmpty()
        ? 0
        : open(validation.images().get(), options(validation)).imageCount();
  }

  /** A data set, which is listed once. */
  private ImageSource open(String location, SourceOptions options) {
    return listed.computeIfAbsent(new Listed(location, options), this::list);
  }

  private record Listed(String location, SourceOptions options) {}

  private ImageSource list(Listed what) {
    String location = what.location();
    try {
      return ImageSource.open(
          location, what.options(), spark.hadoopConfiguration(), new IndexShardsStage(spark));
    } catch (IOException e) {
      throw new UncheckedIOException("the images in " + location + " cannot be listed", e);
    }
  }

  private SharedImages.Pixels pixels(
      String location, SourceOptions options, long limit, int labelOffset) {
    return new SharedImages.Pixels(
        location,
        options,
        limit,
        labelOffset,
        source.preprocessing().geometry(),
        reading.pixelLimit(),
        reading.maxBadImages());
  }

  private PreparedImages prepared(SharedImages.Pixels pixels, Supplier<ImageSource> images) {
    PrepareImagesStage stage =
        new PrepareImagesStage(
            spark,
            new PrepareImagesStage.Settings(
                source.preprocessing(),
                pixels.pixelLimit(),
                pixels.maxBadImages(),
                pixels.labelOffset()));
    return shared
        .use(pixels, () -> stage.run(images.get(), pixels.limit()))
        .with(source.preprocessing());
  }
}
