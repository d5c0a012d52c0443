package io.pare.run.pipeline;

import io.pare.algorithm.statistics.Evaluation;
import io.pare.report.Warning;
import io.pare.run.progress.Warnings;
import java.util.Locale;

/** What is to be said of figures that should not be taken at face value. Stateless. */
final class ResultWarnings {
  /** A plan is far off where the divergence is more than so many times what it expected. */
  private static final double FAR_OFF = 2;

  /** Nats below which a divergence changes next to no decision, however far off it is. */
  private static final double SMALL = 0.02;

  /** Share of the machine that others may take before they bear on a measured time. */
  private static final double QUIET = 0.1;

  /** How much less time a network has to take to be called faster: less is chance. */
  private static final double FASTER = 1.02;

  private ResultWarnings() {}

  /**
   * Warns of outputs that are much further from the original's than expected.
   *
   * @param expected by the plan
   * @param evaluation on the images that no fit has seen
   */
  static void ofPlan(double expected, Evaluation evaluation, String network, Warnings warnings) {
    double measured = evaluation.difference();
    if (measured > SMALL && measured > FAR_OFF * expected) {
      boolean scores = evaluation.outputError().isEmpty();
      warnings.add(
          Warning.Code.DIVERGENCE_UNPLANNED,
          String.format(
              Locale.ROOT,
              "the plan expected %s of %.3g%s, measured are %.3g: losses of single layers do not add up here, or the fits know the images that sensitivity was measured on by heart; more images, a milder target, or a limit such as %s, is safer",
              scores ? "a divergence" : "an error of the outputs",
              expected,
              scores ? " nats" : "",
              measured,
              scores ? "max-kl" : "max-output-error"),
          network);
    }
  }

  /**
   * Warns of times that were measured while others were at work.
   *
   * @param others share of the machine that they took, from 0 to 1
   */
  static void ofLoad(double others, String network, Warnings warnings) {
    if (others > QUIET) {
      warnings.add(
          Warning.Code.LATENCY_UNDER_LOAD,
          "other processes took %.0f %% of the machine while latency was measured: measure again on a quiet one"
              .formatted(100 * others),
          network);
    }
  }

  /**
   * Warns of a network that got smaller and not faster.
   *
   * @param before milliseconds that the original takes for an image, on one thread
   * @param after those of the network
   */
  static void ofTime(double before, double after, String network, Warnings warnings) {
    if (before < FASTER * after) {
      warnings.add(
          Warning.Code.NOT_FASTER,
          String.format(
              Locale.ROOT,
              "smaller, not faster: %.3g ms an image on one thread, the original %.3g; refuse-slower leaves out structures that take longer than their layer, latency=F asks for speed, precision = int8 computes on whole numbers",
              after,
              before),
          network);
    }
  }
}
