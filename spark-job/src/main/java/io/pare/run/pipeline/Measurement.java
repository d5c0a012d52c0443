package io.pare.run.pipeline;

import io.pare.algorithm.statistics.Evaluation;
import io.pare.config.JobConfig;
import io.pare.model.inference.InferenceSessions;
import io.pare.run.input.JobImages;
import io.pare.run.input.SourceNetwork;
import io.pare.run.progress.Warnings;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.EvaluateModelStage;
import io.pare.stage.spark.Checkpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Measures written networks beside the original, which is run once: on the validation images, and
 * on the calibration images that no fit has seen. Holds executors' memory until it is closed. Safe
 * for use by several threads until then.
 */
public final class Measurement implements AutoCloseable {
  private final JobImages images;
  private final SourceNetwork source;
  private final Optional<String> location;
  private final EvaluateModelStage.Reference heldOut;
  private final Optional<PreparedImages> validation;
  private final Optional<EvaluateModelStage.Reference> reference;
  private final Optional<String> fingerprint;

  /** Evaluations as they are kept: the original's first. */
  record Evaluations(List<Evaluation> each) {}

  /**
   * Prepares the validation images, where there are any.
   *
   * @param heldOut calibration images that no fit has seen
   * @throws io.pare.InputException when they are missing, too many are bad, or a label is missing
   *     or no class of the network
   */
  public Measurement(
      JobImages images,
      SourceNetwork source,
      PreparedImages heldOut,
      JobConfig.Validation validation) {
    this.images = images;
    this.source = source;
    this.location = validation.images();
    this.heldOut = images.reference(heldOut, source.original());
    this.validation =
        validation.images().isPresent()
            ? Optional.of(images.validation(validation))
            : Optional.empty();
    reference = this.validation.map(labelled -> images.reference(labelled, source.original()));
    fingerprint = this.validation.map(PreparedImages::fingerprint);
  }

  /**
   * Networks as they would be published, evaluated where there are validation images.
   *
   * @param checkpoints evaluations of the same networks by earlier runs
   */
  public List<WrittenNetwork> written(List<Compressed> made, Checkpoints checkpoints) {
    List<Evaluation> evaluations =
        reference.map(original -> evaluated(made, original, checkpoints)).orElse(List.of());
    List<WrittenNetwork> written = new ArrayList<>();
    for (int k = 0; k < made.size(); k++) {
      written.add(
          WrittenNetwork.of(
              source,
              made.get(k),
              evaluations.stream().findFirst(),
              evaluations.stream().skip(k + 1L).findFirst()));
    }
    return written;
  }

  private List<Evaluation> evaluated(
      List<Compressed> made, EvaluateModelStage.Reference original, Checkpoints checkpoints) {
    Checkpoints.Part part = part(made);
    Optional<Evaluations> known = checkpoints.find(part, Evaluations.class);
    if (known.isPresent()) {
      return known.get().each();
    }
    List<Evaluation> evaluations = original.evaluate(made.stream().map(Compressed::model).toList());
    checkpoints.keep(part, new Evaluations(evaluations));
    return evaluations;
  }

  private Checkpoints.Part part(List<Compressed> made) {
    List<String> hashes =
        new ArrayList<>(List.of(fingerprint.orElseThrow(), source.original().sha256()));
    made.forEach(network -> hashes.add(InferenceSessions.sha256(network.model())));
    String names =
        made.stream()
            .map(network -> network.method() + " " + network.targetText())
            .collect(Collectors.joining(", "));
    return new Checkpoints.Part("evaluate", names, String.join(" ", hashes));
  }

  /** Percentage points of top-1 that a network loses on the validation images. */
  double top1Drop(byte[] network) {
    List<Evaluation> evaluations = reference.orElseThrow().evaluate(List.of(network));
    double lost = evaluations.get(0).top1() - evaluations.get(1).top1();
    return 100 * lost / evaluations.get(0).labelled();
  }

  /** The mean divergence of a network from the original, in nats, on the held-out images. */
  double divergence(byte[] network) {
    Evaluation evaluation = heldOut.evaluate(List.of(network)).get(1);
    return evaluation.divergence() / Math.max(1, evaluation.images());
  }

  /** Warns of validation images that were left out. */
  public void warn(Warnings warnings) {
    validation.ifPresent(labelled -> JobImages.warn(labelled, location.orElseThrow(), warnings));
  }

  /** Warns where a network is further from the original than its plan expected. */
  public void warn(Compressed made, Warnings warnings) {
    ResultWarnings.ofPlan(made.plan().loss(), divergence(made.model()), source.name(), warnings);
  }

  @Override
  public void close() {
    heldOut.close();
    reference.ifPresent(EvaluateModelStage.Reference::close);
    validation.ifPresent(images::release);
  }
}
