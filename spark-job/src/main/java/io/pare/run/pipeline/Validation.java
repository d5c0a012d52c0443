package io.pare.run.pipeline;

import io.pare.algorithm.statistics.Evaluation;
import io.pare.config.JobConfig;
import io.pare.run.input.JobImages;
import io.pare.run.input.SourceNetwork;
import io.pare.run.progress.Warnings;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.EvaluateModelStage;
import java.util.List;
import java.util.Optional;

/**
 * The labelled images of a job and the original's outputs for them, held on the executors until
 * they are closed. There is none for an original that the labels say knows nothing: what it loses
 * could not be measured. Safe for use by several threads.
 */
public final class Validation implements AutoCloseable {
  private final JobImages images;
  private final PreparedImages labelled;
  private final EvaluateModelStage.Reference reference;
  private final String fingerprint;

  /**
   * Prepares the images and evaluates the original; empty where no images are configured.
   *
   * @throws io.pare.InputException when they are missing, too many are bad, a label is missing or
   *     no class of the network, or the original's accuracy is not clearly above chance
   */
  public static Optional<Validation> of(
      JobImages images, SourceNetwork source, JobConfig.Validation config, Warnings warnings) {
    return config.images().isPresent()
        ? Optional.of(new Validation(images, source, config, warnings))
        : Optional.empty();
  }

  private Validation(
      JobImages images, SourceNetwork source, JobConfig.Validation config, Warnings warnings) {
    String location = config.images().orElseThrow();
    this.images = images;
    labelled = images.validation(config);
    reference = images.reference(labelled, source.original());
    try {
      JobImages.warn(labelled, location, warnings);
      OriginalAccuracy accuracy =
          new OriginalAccuracy(reference.evaluate(List.of()).get(0), source.classes());
      accuracy.requireAboveChance(source, location);
      accuracy.warn(source, location, warnings);
      fingerprint = labelled.fingerprint();
    } catch (Throwable e) { // also Spark's SparkException, which is checked but not declared
      close();
      throw e;
    }
  }

  /** Hash of every pixel and label. */
  String fingerprint() {
    return fingerprint;
  }

  /**
   * Evaluates networks beside the original.
   *
   * @param networks ONNX bytes
   * @return the original's evaluation, then one for each of them, in their order
   */
  List<Evaluation> evaluate(List<byte[]> networks) {
    return reference.evaluate(networks);
  }

  @Override
  public void close() {
    reference.close();
    images.release(labelled);
  }
}
