package io.pare.algorithm.fit;

import io.pare.algorithm.activation.Activation;
import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.activation.Response;
import io.pare.algorithm.activation.SmoothResponse;
import io.pare.algorithm.dense.Tiles;
import io.pare.algorithm.statistics.Samples;

/**
 * Targets for a linear fit that the nonlinearity cannot tell from the original's outputs
 * (algorithm.md section 3), entry by entry. Stateless.
 *
 * <p>For the clamp r to [low, high], with t = r(y) the output to reach and v the present one: the
 * majorised target is t where v lies between the bounds and v itself outside; the squared distance
 * to it is, up to a constant, an upper bound of {@code (t - r(z))^2} that touches it at z = v, so a
 * least-squares fit to it cannot raise the true loss. The penalised target minimises {@code (t -
 * r(z))^2 + penalty (z - v)^2} over z, piece by piece of r. Other functions: {@link CurveTarget}.
 */
public final class TargetRule {

  private TargetRule() {}

  /**
   * The targets of many entries.
   *
   * @param activation r
   * @param penalty above 0; infinity for the majorised target
   * @param wanted r(y), an output of the layer a column
   * @param present v, before the nonlinearity
   */
  public static Samples apply(
      Activation activation, double penalty, Samples wanted, Samples present) {
    int columns = wanted.columns();
    Response[] responses = activation.channels(columns).toArray(new Response[0]);
    float[] target = new float[wanted.values().length];
    Tiles.ofRows(wanted.rows(), columns)
        .forEach(
            (first, count) -> {
              for (int i = first; i < first + count; i++) {
                for (int j = 0; j < columns; j++) {
                  double output = wanted.at(i, j);
                  double v = present.at(i, j);
                  target[i * columns + j] =
                      (float)
                          (Double.isInfinite(penalty)
                              ? majorised(responses[j], output, v)
                              : penalised(responses[j], penalty, output, v));
                }
              }
            });
    return new Samples(wanted.rows(), columns, target);
  }

  static double majorised(Response response, double wanted, double present) {
    if (response instanceof Clamp clamp) {
      return present < clamp.low() || present > clamp.high() ? present : wanted;
    }
    return CurveTarget.step((SmoothResponse) response, wanted, present);
  }

  static double penalised(Response response, double penalty, double wanted, double present) {
    return response instanceof Clamp clamp
        ? clamped(clamp, penalty, wanted, present)
        : CurveTarget.penalised((SmoothResponse) response, penalty, wanted, present);
  }

  private static double clamped(Clamp activation, double penalty, double wanted, double present) {
    double best = activation.apply((wanted + penalty * present) / (1 + penalty));
    double least = cost(wanted, best, best, penalty, present);
    if (activation.low() > Double.NEGATIVE_INFINITY) {
      double below = Math.min(present, activation.low());
      double cost = cost(wanted, activation.low(), below, penalty, present);
      if (cost < least) {
        least = cost;
        best = below;
      }
    }
    if (activation.high() < Double.POSITIVE_INFINITY) {
      double above = Math.max(present, activation.high());
      if (cost(wanted, activation.high(), above, penalty, present) < least) {
        best = above;
      }
    }
    return best;
  }

  private static double cost(
      double wanted, double output, double z, double penalty, double present) {
    return (wanted - output) * (wanted - output) + penalty * (z - present) * (z - present);
  }
}
