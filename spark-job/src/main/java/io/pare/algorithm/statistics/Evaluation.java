package io.pare.algorithm.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * How a network does on images, beside a reference on the same images: on those with a label as a
 * classifier, and for every output how near it is. Sums, so that parts can be added in any fixed
 * order.
 *
 * @param images evaluated
 * @param labelled of them with a label, where an output says of an image what it shows: the first
 *     such; top-1, top-5 and loss are over these and of that output
 * @param top1 labelled images whose class has the highest output
 * @param top5 labelled images whose class is among the five highest
 * @param loss sum of the cross-entropies, in nats
 * @param lost labelled images on which the reference has the class first and the network has not
 * @param gained labelled images on which it is the other way round
 * @param outputs each compared to the reference's; none before the first image
 */
public record Evaluation(
    long images,
    long labelled,
    long top1,
    long top5,
    double loss,
    long lost,
    long gained,
    List<OutputEvaluation> outputs) {
  /** No images. */
  public static final Evaluation NOTHING = unlabelled(0, List.of());

  private static final int FIVE = 5;

  public Evaluation {
    outputs = List.copyOf(outputs);
  }

  /**
   * One image.
   *
   * @param layouts of the outputs
   * @param outputs of the network, one after the other: logits or probabilities where they are
   *     scores
   * @param reference outputs of the reference
   * @param label class index, or below 0
   */
  public static Evaluation of(
      List<OutputLayout> layouts, float[] outputs, float[] reference, int label) {
    Evaluation labels = unlabelled(1, List.of());
    List<OutputEvaluation> each = new ArrayList<>();
    int from = 0;
    for (OutputLayout layout : layouts) {
      if (layout.isClassifier() && each.stream().noneMatch(e -> e.positions() == 1)) {
        labels =
            labels(
                new Scores(outputs, from, layout.classes()),
                new Scores(reference, from, layout.classes()),
                label);
      }
      each.add(OutputEvaluation.of(layout, outputs, reference, from));
      from += layout.values();
    }
    if (from != outputs.length || from != reference.length) {
      throw new IllegalArgumentException(
          "outputs of %d and %d values are not %s".formatted(outputs.length, from, layouts));
    }
    return new Evaluation(
        1,
        labels.labelled,
        labels.top1,
        labels.top5,
        labels.loss,
        labels.lost,
        labels.gained,
        each);
  }

  private static Evaluation unlabelled(long images, List<OutputEvaluation> outputs) {
    return new Evaluation(images, 0, 0, 0, 0, 0, 0, outputs);
  }

  private static Evaluation labels(Scores scores, Scores reference, int label) {
    if (label < 0 || label >= scores.classes()) {
      return unlabelled(1, List.of());
    }
    int place = scores.place(label);
    boolean before = reference.place(label) == 0;
    return new Evaluation(
        1,
        1,
        place == 0 ? 1 : 0,
        place < FIVE ? 1 : 0,
        -scores.logProbabilities()[label],
        before && place != 0 ? 1 : 0,
        !before && place == 0 ? 1 : 0,
        List.of());
  }

  /**
   * Some images, added up in their order.
   *
   * @param layouts of the outputs
   * @param outputs of the network, image by image
   * @param reference outputs of the reference for the same images
   * @param labels class index by place of the image, or below 0
   */
  public static Evaluation of(
      List<OutputLayout> layouts,
      List<float[]> outputs,
      List<float[]> reference,
      IntUnaryOperator labels) {
    Evaluation sum = NOTHING;
    for (int k = 0; k < outputs.size(); k++) {
      sum = sum.plus(of(layouts, outputs.get(k), reference.get(k), labels.applyAsInt(k)));
    }
    return sum;
  }

  /**
   * How far the outputs are from the reference's: the sum over the outputs of the mean divergence
   * of scores, in nats, and the relative squared error of values; 0 without any image.
   */
  public double difference() {
    return outputs.stream().mapToDouble(OutputEvaluation::difference).sum();
  }

  /** The largest mean divergence of an output of scores, in nats; empty without one. */
  public OptionalDouble divergence() {
    return each(OutputEvaluation::meanDivergence).max();
  }

  /** The largest relative squared error of an output of values; empty without one. */
  public OptionalDouble outputError() {
    return each(OutputEvaluation::relativeError).max();
  }

  /** Share of the positions with the same highest score, the mean over the outputs of scores. */
  public OptionalDouble agreement() {
    return each(OutputEvaluation::agreement).average();
  }

  /** The first output that says of an image what it shows. */
  public Optional<OutputEvaluation> classifier() {
    return outputs.stream().filter(output -> output.positions() == images).findFirst();
  }

  private DoubleStream each(Function<OutputEvaluation, OptionalDouble> figure) {
    return outputs.stream().map(figure).flatMapToDouble(OptionalDouble::stream);
  }

  /** The sum of both. */
  public Evaluation plus(Evaluation other) {
    return new Evaluation(
        images + other.images,
        labelled + other.labelled,
        top1 + other.top1,
        top5 + other.top5,
        loss + other.loss,
        lost + other.lost,
        gained + other.gained,
        sum(outputs, other.outputs));
  }

  private static List<OutputEvaluation> sum(
      List<OutputEvaluation> first, List<OutputEvaluation> second) {
    if (first.isEmpty() || second.isEmpty()) {
      return first.isEmpty() ? second : first;
    }
    if (first.size() != second.size()) {
      throw new IllegalArgumentException(
          first.size() + " outputs and " + second.size() + " cannot be added");
    }
    return IntStream.range(0, first.size())
        .mapToObj(k -> first.get(k).plus(second.get(k)))
        .toList();
  }
}
