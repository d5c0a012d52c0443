package io.pare.report;

import io.pare.algorithm.statistics.Evaluation;
import io.pare.algorithm.statistics.PairedHits;
import java.util.List;
import java.util.Optional;

/**
 * The accuracy of one network as it is published.
 *
 * @param images evaluated
 * @param labelled of them with a label
 * @param top1 labelled images whose class came first
 * @param top5 labelled images whose class was among the first five
 * @param top1Rate share of the labelled images, from 0 to 1
 * @param top5Rate likewise
 * @param top1Interval 95 % Wilson interval of the first rate: its lower and upper end
 * @param loss mean cross-entropy in nats
 * @param agreement share of the images on which the reference network has the same first class,
 *     where there is a reference
 * @param divergence mean KL divergence from the reference's softmax, in nats, likewise
 * @param paired labelled images on which only one of both is right, likewise
 */
public record Accuracy(
    long images,
    long labelled,
    long top1,
    long top5,
    double top1Rate,
    double top5Rate,
    List<Double> top1Interval,
    double loss,
    Optional<Double> agreement,
    Optional<Double> divergence,
    Optional<Paired> paired) {
  private static final double Z95 = 1.959963984540054;

  /**
   * The same images before and after.
   *
   * @param lost images on which the reference alone is right
   * @param gained images on which this network alone is right
   * @param probability of such a difference if both were equally good: McNemar's exact test
   */
  public record Paired(long lost, long gained, double probability) {
    /** Below it a difference is hardly one by chance. */
    private static final double LEVEL = 0.05;

    private static Paired of(Evaluation evaluation) {
      PairedHits hits = new PairedHits(evaluation.lost(), evaluation.gained());
      return new Paired(hits.lost(), hits.gained(), hits.probability());
    }

    /** Whether chance alone hardly explains the difference. */
    public boolean beyondChance() {
      return probability < LEVEL;
    }
  }

  /** The figures of an evaluation beside a reference network. */
  public static Accuracy of(Evaluation evaluation) {
    return of(
        evaluation,
        Optional.of(rate(evaluation.agreeing(), evaluation.images())),
        Optional.of(evaluation.meanDivergence()),
        Optional.of(Paired.of(evaluation)).filter(paired -> evaluation.labelled() > 0));
  }

  /** The figures of an evaluation of one network alone. */
  public static Accuracy alone(Evaluation evaluation) {
    return of(evaluation, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static Accuracy of(
      Evaluation evaluation,
      Optional<Double> agreement,
      Optional<Double> divergence,
      Optional<Paired> paired) {
    long labelled = evaluation.labelled();
    return new Accuracy(
        evaluation.images(),
        labelled,
        evaluation.top1(),
        evaluation.top5(),
        rate(evaluation.top1(), labelled),
        rate(evaluation.top5(), labelled),
        wilson(evaluation.top1(), labelled),
        labelled == 0 ? 0 : evaluation.loss() / labelled,
        agreement,
        divergence,
        paired);
  }

  private static double rate(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /** Lower and upper end of the 95 % Wilson interval of a rate of hits among n. */
  public static List<Double> wilson(long hits, long n) {
    if (n == 0) {
      return List.of(0.0, 1.0);
    }
    double p = (double) hits / n;
    double z2 = Z95 * Z95;
    double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
    double half = Z95 / (1 + z2 / n) * Math.sqrt(p * (1 - p) / n + z2 / (4.0 * n * n));
    return List.of(Math.max(0, centre - half), Math.min(1, centre + half));
  }
}
