package io.pare.run.pipeline;

import io.pare.InputException;
import io.pare.algorithm.statistics.Evaluation;
import io.pare.report.Warning;
import io.pare.run.input.SourceNetwork;
import io.pare.run.progress.Warnings;
import java.util.Locale;
import java.util.OptionalInt;
import org.apache.commons.math3.stat.inference.AlternativeHypothesis;
import org.apache.commons.math3.stat.inference.BinomialTest;

/**
 * What the labels say of the original. Its hits are held against those of a network that draws one
 * of the classes for each image, by a one-sided exact binomial test: labels that are numbered in
 * another order than the outputs, or images that are prepared in a wrong way, make it look like
 * one.
 *
 * @param evaluation of the original
 * @param classes that it tells apart; empty where nothing can be said
 */
public record OriginalAccuracy(Evaluation evaluation, OptionalInt classes) {
  /** As likely as that, at most, is an accuracy by chance that passes. */
  private static final double LEVEL = 1e-3;

  private static final String REMEDY =
      "are the classes numbered as the outputs are (synsets, labels, label-offset), and is preprocessing that of the training?";

  /** The probability that so many hits or more come about by chance; 0 where nobody can say. */
  double byChance() {
    if (classes.isEmpty() || classes.getAsInt() < 2 || evaluation.labelled() == 0) {
      return 0;
    }
    return new BinomialTest()
        .binomialTest(
            Math.toIntExact(evaluation.labelled()),
            Math.toIntExact(evaluation.top1()),
            1.0 / classes.getAsInt(),
            AlternativeHypothesis.GREATER_THAN);
  }

  /**
   * Refuses an original that is not clearly above chance.
   *
   * @param location of the labelled images
   */
  void requireAboveChance(SourceNetwork source, String location) {
    double chance = byChance();
    if (chance > LEVEL) {
      boolean tooFew = Math.pow(classes.getAsInt(), -(double) evaluation.labelled()) > LEVEL;
      throw InputException.data(
          "%s: the original %s is right on %d of %d images, which a draw among its %d classes is with a probability of %s; %s"
              .formatted(
                  location,
                  source.name(),
                  evaluation.top1(),
                  evaluation.labelled(),
                  classes.getAsInt(),
                  String.format(Locale.ROOT, "%.2g", chance),
                  tooFew ? "these are too few images to tell: give more" : REMEDY));
    }
  }

  /**
   * Warns of an original that is no better than chance, or loses more than one that knows nothing.
   *
   * @param location of the labelled images
   */
  public void warn(SourceNetwork source, String location, Warnings warnings) {
    if (classes.isEmpty() || evaluation.labelled() == 0) {
      return;
    }
    double loss = evaluation.loss() / evaluation.labelled();
    double uniform = Math.log(classes.getAsInt());
    if (byChance() > LEVEL || loss > uniform) {
      warnings.add(
          Warning.Code.ORIGINAL_ACCURACY,
          String.format(
              Locale.ROOT,
              "%s is right on %d of %d images with a loss of %.2f, where one that knows nothing has %.2f: %s",
              source.name(),
              evaluation.top1(),
              evaluation.labelled(),
              loss,
              uniform,
              REMEDY),
          location);
    }
  }
}
