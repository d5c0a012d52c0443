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
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Sums that the extended ADMM finds: kept inputs or filters, and the low-rank form that suits the
 * layer. With a 1 x 1 kernel that is the channel form; else the spatial form beside inputs, and the
 * Tucker form beside filters and where the kernel has one row or column.
 *
 * <p>The costs that are aimed at are the same for every group of a convolution, so that the groups'
 * sums at one step cost the same and make one candidate. Stateless.
 */
final class AdmmSums {
  private static final double[] SHARES = {0.14, 0.2, 0.33, 0.5, 0.66, 0.8};
  // Some fifteen matrices of the layer's size and two of G's have to fit a task.
  private static final int COLUMNS = 10_240;
  private static final long WEIGHTS = 1 << 23;
  // From the cost that matters most to the one that matters least.
  private static final int[] ORDER = {1, 3, 2, 0, 4, 5};
  // The rest is for the search.
  private static final double PAID_FITS = 0.5;
  // In products of W and G, in double precision.
  private static final int PREDICTION = 12;
  // A sum that promises so much more error than its low-rank form alone is not followed up: the
  // promise is that of a sketch.
  private static final double DOMINATED = 1.5;

  private AdmmSums() {}

  /** Why a layer cannot take such sums; empty where it can. */
  static Optional<String> obstacle(LayerShape shape, Support.Kind kind) {
    Optional<String> alone =
        kind == Support.Kind.INPUTS
            ? Family.unlessSeveralChannels(shape)
            : Optional.of("it has a single output").filter(text -> shape.outputs() == 1);
    return alone
        .or(() -> Family.unlessAtMost(COLUMNS, shape.columns(), "weights a filter"))
        .or(() -> Family.unlessAtMost(WEIGHTS, shape.weights(), "weights"))
        .or(() -> form(shape, kind).obstacle(shape));
  }

  /** What to judge; nothing where there is no budget. */
  static List<Proposal> proposals(Regression regression, Support.Kind kind, AdmmBudget budget) {
    List<Proposal> proposals = new ArrayList<>();
    if (budget.isNone()) {
      return proposals;
    }
    LayerShape shape = regression.shape();
    Form form = form(shape, kind);
    double allowed = budget.of(shape) / searches(shape);
    double fit = new SolvingWork(shape).sum();
    double[] shares = shares((int) (PAID_FITS * allowed / fit));
    long[] costs = Arrays.stream(shares).mapToLong(s -> (long) (s * shape.weights())).toArray();
    Work work = new Work(Math.max(PAID_FITS * allowed, allowed - costs.length * fit));
    List<AdmmPath.Point> points;
    try (SumPrediction prediction = new SumPrediction(form, regression)) {
      AdmmPath path =
          new AdmmPath(
              new ExtendedAdmm(regression, kind, Matricisation.of(form, kind), work),
              sum -> !shape.hasCoarsePath() && isDominated(sum, prediction, work));
      points = path.aimed(costs);
    }
    double behind = 0;
    for (AdmmPath.Point point : points) {
      boolean last = proposals.size() == points.size() - 1;
      double spent = (last ? work.spent() : point.spent()) - behind;
      behind += spent;
      Trace trace = point.trace().withShare(budget.share(spent + fit));
      proposals.add(new Proposal(point.aim(), point.structure(), Optional.of(trace)));
    }
    return proposals;
  }

  /** The costs that so many fits allow to aim at: the middle ones, where fits are few. */
  private static double[] shares(int fits) {
    int count = Math.max(1, Math.min(SHARES.length, fits));
    return Arrays.stream(ORDER).limit(count).sorted().mapToDouble(place -> SHARES[place]).toArray();
  }

  private static boolean isDominated(Structure.Sum sum, SumPrediction prediction, Work work) {
    LayerShape shape = prediction.shape();
    work.product((long) PREDICTION * shape.outputs(), shape.columns(), shape.columns());
    return prediction.excess(sum) > DOMINATED * prediction.excessOfFormAlone(sum);
  }

  /** Searches among which a layer's work is divided. */
  private static int searches(LayerShape shape) {
    return (int)
        Arrays.stream(Support.Kind.values())
            .filter(kind -> obstacle(shape, kind).isEmpty())
            .count();
  }

  private static Form form(LayerShape shape, Support.Kind kind) {
    if (kind == Support.Kind.INPUTS && Form.SPATIAL.applies(shape)) {
      return Form.SPATIAL;
    }
    return Form.TUCKER.applies(shape) ? Form.TUCKER : Form.CHANNEL;
  }
}
