package io.pare.run.pipeline;

import io.pare.algorithm.statistics.Evaluation;
import io.pare.model.inference.InferenceSessions;
import io.pare.run.input.JobImages;
import io.pare.run.input.SourceNetwork;
import io.pare.run.progress.Warnings;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.EvaluateModelStage;
import io.pare.stage.spark.Checkpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Measures written networks beside the original, which is run once: on the validation images, and
 * on the calibration images that no fit has seen. Holds executors' memory until it is closed. Safe
 * for use by several threads until then.
 */
public final class Measurement implements AutoCloseable {
  private final SourceNetwork source;
  private final EvaluateModelStage.Reference heldOut;
  private final Optional<Validation> validation;
  private final Map<String, List<Evaluation>> onHeldOut = new ConcurrentHashMap<>();

  /** Evaluations as they are kept: the original's first. */
  record Evaluations(List<Evaluation> each) {}

  /**
   * A measurement of what becomes of a network.
   *
   * @param heldOut calibration images that no fit has seen
   * @param validation labelled images, which must outlive this, where there are any
   */
  public Measurement(
      JobImages images,
      SourceNetwork source,
      PreparedImages heldOut,
      Optional<Validation> validation) {
    this.source = source;
    this.heldOut = images.reference(heldOut, source.original());
    this.validation = validation;
  }

  /**
   * Networks as they would be published, evaluated on the validation images, or where there are
   * none on the held-out ones.
   *
   * @param checkpoints evaluations of the same networks by earlier runs
   */
  public List<WrittenNetwork> written(List<Compressed> made, Checkpoints checkpoints) {
    List<Evaluation> evaluations =
        validation.map(labelled -> evaluated(made, labelled, checkpoints)).orElse(List.of());
    List<WrittenNetwork> written = new ArrayList<>();
    for (int k = 0; k < made.size(); k++) {
      List<Evaluation> both =
          evaluations.isEmpty()
              ? heldOut(made.get(k).model())
              : List.of(evaluations.get(0), evaluations.get(k + 1));
      written.add(WrittenNetwork.of(source, made.get(k), both.get(0), both.get(1)));
    }
    return written;
  }

  private List<Evaluation> evaluated(
      List<Compressed> made, Validation labelled, Checkpoints checkpoints) {
    Checkpoints.Part part = part(made, labelled);
    Optional<Evaluations> known = checkpoints.find(part, Evaluations.class);
    if (known.isPresent()) {
      return known.get().each();
    }
    List<Evaluation> evaluations = labelled.evaluate(made.stream().map(Compressed::model).toList());
    checkpoints.keep(part, new Evaluations(evaluations));
    return evaluations;
  }

  private Checkpoints.Part part(List<Compressed> made, Validation labelled) {
    List<String> hashes =
        new ArrayList<>(List.of(labelled.fingerprint(), source.original().sha256()));
    made.forEach(network -> hashes.add(InferenceSessions.sha256(network.model())));
    String names =
        made.stream()
            .map(network -> network.method() + " " + network.targetText())
            .collect(Collectors.joining(", "));
    return new Checkpoints.Part("evaluate", names, String.join(" ", hashes));
  }

  /** The evaluations of the original and of a network on the validation images. */
  List<Evaluation> labelled(byte[] network) {
    return validation.orElseThrow().evaluate(List.of(network));
  }

  /** The evaluations of the original and of a network on the held-out images, without labels. */
  List<Evaluation> heldOut(byte[] network) {
    return onHeldOut.computeIfAbsent(
        InferenceSessions.sha256(network), hash -> heldOut.evaluate(List.of(network)));
  }

  /** Warns where a network is further from the original than its plan and its codes have it. */
  public void warn(Compressed made, Warnings warnings) {
    Evaluation evaluation = heldOut(made.model()).get(1);
    double expected = made.plan().loss() + made.quantization().map(Quantization::cost).orElse(0.0);
    ResultWarnings.ofPlan(expected, evaluation, source.name(), warnings);
  }

  @Override
  public void close() {
    heldOut.close();
  }
}
