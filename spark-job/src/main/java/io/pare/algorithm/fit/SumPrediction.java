package io.pare.algorithm.fit;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.Geometry;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What sums of one low-rank form promise on the samples that they are fitted to, from sketches: the
 * excess error of algorithm.md section 2. Good enough to tell a sum that is hopeless from one that
 * is worth a fit. Not thread-safe.
 */
public final class SumPrediction implements AutoCloseable {
  private final Form form;
  private final Regression regression;
  private final LowRankFit fits;

  /** Prepares predictions for one problem and form. */
  public SumPrediction(Form form, Regression regression) {
    this.form = form;
    this.regression = regression;
    fits = LowRankFit.prepare(form, regression);
  }

  /** The shape of the layer. */
  public LayerShape shape() {
    return regression.shape();
  }

  /** The excess error of a sum of this form with kept inputs or filters. */
  public double excess(Structure.Sum sum) {
    int[] kept = sum.support().indices();
    LayerShape shape = regression.shape();
    if (sum.support().hasFilters()) {
      int[] others =
          IntStream.range(0, shape.outputs())
              .filter(row -> Arrays.binarySearch(kept, row) < 0)
              .toArray();
      Regression rest = regression.outputs(others);
      return rest.excessError(fits.retargeted(rest).sketch(sum.lowRank()).matrix(rest.shape()));
    }
    if (form == Form.CHANNEL) {
      Matrix both = Matrix.zeros(shape.outputs(), shape.columns());
      for (Component each : new ChannelSum(regression, kept).fit(sum.lowRank().ranks()[0])) {
        both = DenseAlgebra.combine(both, each.matrix(shape), 1);
      }
      return regression.excessError(both);
    }
    Regression rest = regression.minus(fits.sketch(sum.lowRank()).matrix(shape));
    Component sparse = new Component.KeptInputs(kept, SupportFit.channels(rest, kept));
    return rest.excessError(sparse.matrix(shape));
  }

  /** The excess error of the form alone at the weights of a sum. */
  public double excessOfFormAlone(Structure.Sum sum) {
    LayerShape shape = regression.shape();
    long budget = sum.cost(shape, Geometry.UNKNOWN).weights();
    int below = 1;
    int above = Math.max(2, form.largestStep(shape) + 1);
    while (above - below > 1) {
      int middle = (below + above) >>> 1;
      LowRank ranks = form.at(shape, middle);
      if (ranks.cost(shape, Geometry.UNKNOWN).weights() <= budget) {
        below = middle;
      } else {
        above = middle;
      }
    }
    return regression.excessError(fits.sketch(form.at(shape, below)).matrix(shape));
  }

  @Override
  public void close() {
    fits.close();
  }
}
