package io.pare.report;

import io.pare.algorithm.statistics.Evaluation;
import io.pare.algorithm.statistics.PairedHits;
import io.pare.report.json.Missing;
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
 * @param agreement share of the images on which the reference network has the same first class, or
 *     of their positions, the mean over the outputs of scores, where there are such and a reference
 * @param divergence mean KL divergence from the reference's softmax, in nats, the largest of an
 *     output of scores, likewise
 * @param outputError squared error relative to the reference's squares, the largest of an output of
 *     values, where there are such and a reference
 * @param paired labelled images on which only one of both is right, where there is a reference
 * @param outputs each compared to the reference's, where there is one
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
    Optional<Double> outputError,
    Optional<Paired> paired,
    List<OutputFigures> outputs) {
  private static final double Z95 = 1.959963984540054;

  public Accuracy {
    outputs = Missing.orEmpty(outputs);
  }

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
    return of(evaluation, true);
  }

  /** The figures of an evaluation of one network alone. */
  public static Accuracy alone(Evaluation evaluation) {
    return of(evaluation, false);
  }

  private static Accuracy of(Evaluation evaluation, boolean compared) {
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
        compared ? OutputFigures.figure(evaluation.agreement()) : Optional.empty(),
        compared ? OutputFigures.figure(evaluation.divergence()) : Optional.empty(),
        compared ? OutputFigures.figure(evaluation.outputError()) : Optional.empty(),
        compared && labelled > 0 ? Optional.of(Paired.of(evaluation)) : Optional.empty(),
        compared ? evaluation.outputs().stream().map(OutputFigures::of).toList() : List.of());
  }

  /**
   * Images on which the reference has the same first class, where an output says of an image what
   * it shows.
   */
  public Optional<Long> sameClass() {
    // Reports of earlier versions name no outputs: theirs was a classifier's.
    Optional<Double> share =
        outputs.isEmpty()
            ? agreement
            : outputs.stream()
                .filter(output -> output.positions() == images)
                .findFirst()
                .flatMap(OutputFigures::agreement);
    return share.map(same -> Math.round(same * images));
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
