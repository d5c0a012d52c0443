package io.pare.algorithm.candidate;

import io.pare.algorithm.admm.AdmmPath;
import io.pare.algorithm.admm.ExtendedAdmm;
import io.pare.algorithm.admm.Matricisation;
import io.pare.algorithm.admm.Trace;
import io.pare.algorithm.admm.Work;
import io.pare.algorithm.fit.SumPrediction;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Support;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Sums that the extended ADMM finds: kept inputs or filters, and the low-rank form that suits the
 * layer. With a 1 x 1 kernel that is the channel form; else the spatial form beside inputs, and the
 * Tucker form beside filters, where the kernel has one row or column, and in wide layers, where the
 * spatial rearrangement is too large to decompose in every iteration.
 *
 * <p>The costs that are aimed at are the same for every group of a convolution, so that the groups'
 * sums at one step cost the same and make one candidate. Stateless.
 */
final class AdmmSums {
  private static final double[] SHARES = {0.14, 0.2, 0.33, 0.5, 0.66, 0.8};
  // A sum that promises so much more error than its low-rank form alone is not followed up: the
  // promise is that of a sketch.
  private static final double DOMINATED = 1.5;

  private AdmmSums() {}

  /**
   * Whether a layer can take such sums. Those of layers with a coarse path are left out: at 4,608
   * columns the search took longer than all other candidates of the layer and found none.
   */
  static boolean apply(LayerShape shape, Support.Kind kind) {
    int groups = kind == Support.Kind.INPUTS ? shape.inputChannels() : shape.outputs();
    return groups > 1 && !shape.hasCoarsePath() && form(shape, kind).applies(shape);
  }

  /**
   * What to judge; nothing where the share is 0.
   *
   * @param share of the layer's solving work that the ADMM may take, in [0, 1)
   */
  static List<Proposal> proposals(Regression regression, Support.Kind kind, double share) {
    List<Proposal> proposals = new ArrayList<>();
    if (share == 0) {
      return proposals;
    }
    LayerShape shape = regression.shape();
    SolvingWork estimate = new SolvingWork(shape);
    Form form = form(shape, kind);
    Work work = new Work(estimate.admm(share) / searches(shape));
    long[] budgets = Arrays.stream(SHARES).mapToLong(s -> (long) (s * shape.weights())).toArray();
    try (SumPrediction prediction = new SumPrediction(form, regression)) {
      AdmmPath path =
          new AdmmPath(
              new ExtendedAdmm(regression, kind, Matricisation.of(form, kind), work),
              sum -> {
                work.product(4L * shape.outputs(), shape.columns(), shape.columns());
                return prediction.excess(sum) > DOMINATED * prediction.excessOfFormAlone(sum);
              });
      for (AdmmPath.Point point : path.aimed(budgets)) {
        Trace trace = point.trace().withShare(estimate.share(work.spent()));
        proposals.add(new Proposal(point.aim(), point.structure(), Optional.of(trace)));
      }
    }
    return proposals;
  }

  /** Searches among which a layer's share is divided. */
  private static int searches(LayerShape shape) {
    return (int) Arrays.stream(Support.Kind.values()).filter(kind -> apply(shape, kind)).count();
  }

  private static Form form(LayerShape shape, Support.Kind kind) {
    if (kind == Support.Kind.INPUTS && Form.SPATIAL.applies(shape)) {
      return Form.SPATIAL;
    }
    return Form.TUCKER.applies(shape) ? Form.TUCKER : Form.CHANNEL;
  }
}
