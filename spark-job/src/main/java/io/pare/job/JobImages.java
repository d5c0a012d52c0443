package io.pare.job;

import io.pare.InputException;
import io.pare.algorithm.Evaluation;
import io.pare.io.source.ImageSource;
import io.pare.io.source.SourceOptions;
import io.pare.stage.EvaluateModelStage;
import io.pare.stage.Execution;
import io.pare.stage.MeasureSensitivityStage;
import io.pare.stage.PrepareImagesStage;
import io.pare.stage.PreparedImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/** The images of a job as its network takes them. */
final class JobImages {
  private final JavaSparkContext spark;
  private final SourceNetwork source;
  private final JobConfig.Reading reading;
  private final Execution execution;

  JobImages(JavaSparkContext spark, SourceNetwork source, JobConfig.Reading reading) {
    this.spark = spark;
    this.source = source;
    this.reading = reading;
    execution =
        new Execution(
            source.input(),
            reading.batchSize(),
            SparkApplication.threads(spark, reading.threads()));
  }

  /** How networks are run on them. */
  Execution execution() {
    return execution;
  }

  /** How the sensitivity of the output is measured. */
  MeasureSensitivityStage sensitivity() {
    return new MeasureSensitivityStage(spark, execution);
  }

  /**
   * The calibration images, held on the executors.
   *
   * @throws InputException when they are missing, too many are bad, or they are too few for some to
   *     be held out from the fit
   */
  PreparedImages calibration(JobConfig.Calibration calibration) {
    ImageSource images = open(calibration.images(), SourceOptions.defaults());
    PreparedImages prepared = prepared(images, calibration.limit());
    long fewest = (long) Math.ceil(1 / calibration.heldOut());
    if (prepared.count() < fewest) {
      prepared.release();
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
  PreparedImages validation(JobConfig.Validation validation) {
    return prepared(labelled(validation), 0);
  }

  /**
   * Measures networks.
   *
   * @param networks ONNX bytes; the first is the reference, which each is compared to
   */
  List<Evaluation> evaluate(PreparedImages images, List<byte[]> networks) {
    return new EvaluateModelStage(spark, execution).run(images, networks);
  }

  private ImageSource labelled(JobConfig.Validation validation) {
    SourceOptions options = SourceOptions.defaults();
    if (validation.synsets().isPresent()) {
      options = options.withSynsets(validation.synsets().get());
    }
    if (validation.labels().isPresent()) {
      options = options.withLabels(validation.labels().get());
    }
    ImageSource images = open(validation.images().orElseThrow(), options);
    source
        .original()
        .classes()
        .ifPresent(
            classes -> {
              try {
                images.requireLabels(classes);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    return images;
  }

  private ImageSource open(String location, SourceOptions options) {
    try {
      return ImageSource.open(location, options, spark.hadoopConfiguration());
    } catch (IOException e) {
      throw new UncheckedIOException("the images in " + location + " cannot be listed", e);
    }
  }

  private PreparedImages prepared(ImageSource images, long limit) {
    return new PrepareImagesStage(
            spark,
            new PrepareImagesStage.Settings(
                source.preprocessing(), reading.pixelLimit(), reading.maxBadImages()))
        .run(images, limit);
  }
}
