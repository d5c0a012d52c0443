package io.pare.job;

import io.pare.InputException;
import io.pare.algorithm.Evaluation;
import io.pare.io.ImageSource;
import io.pare.io.Preprocessing;
import io.pare.io.SourceOptions;
import io.pare.io.TensorLayout;
import io.pare.model.InputShape;
import io.pare.stage.EvaluateModelStage;
import io.pare.stage.Execution;
import io.pare.stage.PrepareImagesStage;
import io.pare.stage.PreparedImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/** The images of a job as its network takes them. */
final class JobImages {
  private final JavaSparkContext spark;
  private final SourceNetwork source;
  private final JobConfig.Reading reading;
  private final Preprocessing preprocessing;
  private final Execution execution;

  JobImages(
      JavaSparkContext spark,
      SourceNetwork source,
      JobConfig.Network network,
      JobConfig.Reading reading) {
    this.spark = spark;
    this.source = source;
    this.reading = reading;
    InputShape input = source.input();
    preprocessing = Preprocessing.parse(network.preprocessing(), input.height(), input.width());
    execution =
        new Execution(
            input, reading.batchSize(), SparkApplication.threads(spark, reading.threads()));
    requireFit(input);
  }

  private void requireFit(InputShape input) {
    TensorLayout layout =
        input.layout() == InputShape.Layout.NCHW ? TensorLayout.NCHW : TensorLayout.NHWC;
    if (input.channels() != 3
        || preprocessing.normalization().layout() != layout
        || preprocessing.height() != input.height()
        || preprocessing.width() != input.width()) {
      throw InputException.usage(
          "preprocessing gives 3 x %d x %d in %s, but the network takes %d x %d x %d in %s; set crop, resize or layout"
              .formatted(
                  preprocessing.height(),
                  preprocessing.width(),
                  preprocessing.normalization().layout(),
                  input.channels(),
                  input.height(),
                  input.width(),
                  layout));
    }
  }

  /** How networks are run on them. */
  Execution execution() {
    return execution;
  }

  /** The calibration images, held on the executors. */
  PreparedImages calibration(JobConfig.Calibration calibration) {
    return prepared(open(calibration.images(), SourceOptions.defaults()), calibration.limit());
  }

  /**
   * The accuracy of a network beside the original's, on the validation images.
   *
   * @param before of the original
   * @param after of the network
   */
  record Comparison(Evaluation before, Evaluation after) {}

  /** Measures a network; empty where no validation images are configured. */
  Optional<Comparison> accuracy(JobConfig.Validation validation, byte[] network) {
    if (validation.images().isEmpty()) {
      return Optional.empty();
    }
    ImageSource images = labelled(validation);
    PreparedImages prepared = prepared(images, 0);
    try {
      byte[] original = source.original().toBytes();
      EvaluateModelStage stage = new EvaluateModelStage(spark, execution);
      Evaluation before = stage.run(prepared, original, original);
      return Optional.of(new Comparison(before, stage.run(prepared, network, original)));
    } finally {
      prepared.release();
    }
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
                preprocessing, reading.pixelLimit(), reading.maxBadImages()))
        .run(images, limit);
  }
}
