package io.pare.report;

import io.pare.algorithm.statistics.OutputEvaluation;
import io.pare.report.json.Missing;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How near one output is to a reference network's.
 *
 * @param name of the output
 * @param positions of scores that were compared, those of all images; 0 for values
 * @param agreement share of the positions with the same highest score, from 0 to 1, for scores
 * @param divergence mean KL divergence from the reference's softmax, in nats, for scores
 * @param error squared error relative to the reference's squares, for values
 */
public record OutputFigures(
    String name,
    long positions,
    Optional<Double> agreement,
    Optional<Double> divergence,
    Optional<Double> error) {

  public OutputFigures {
    Missing.refuse(name);
  }

  static OutputFigures of(OutputEvaluation output) {
    return new OutputFigures(
        output.name(),
        output.positions(),
        figure(output.agreement()),
        figure(output.meanDivergence()),
        figure(output.relativeError()));
  }

  static Optional<Double> figure(OptionalDouble figure) {
    return figure.stream().boxed().findFirst();
  }
}
