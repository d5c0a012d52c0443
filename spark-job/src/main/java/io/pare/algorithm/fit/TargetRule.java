package io.pare.algorithm.fit;

import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.activation.Response;
import io.pare.algorithm.activation.SmoothResponse;
import io.pare.algorithm.dense.Tiles;
import java.util.List;

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
   * @param channels the function of each output; entry k belongs to output k modulo their number
   * @param penalty above 0; infinity for the majorised target
   * @param original y, before the nonlinearity
   * @param present v, before the nonlinearity
   */
  public static float[] apply(
      List<Response> channels, double penalty, float[] original, float[] present) {
    Response[] responses = channels.toArray(new Response[0]);
    float[] target = new float[original.length];
    Tiles.ofRows(target.length / responses.length, responses.length)
        .forEach(
            (first, count) -> {
              for (int i = first; i < first + count; i++) {
                for (int j = 0; j < responses.length; j++) {
                  int k = i * responses.length + j;
                  double wanted = responses[j].apply(original[k]);
                  target[k] =
                      (float)
                          (Double.isInfinite(penalty)
                              ? majorised(responses[j], wanted, present[k])
                              : penalised(responses[j], penalty, wanted, present[k]));
                }
              }
            });
    return target;
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
