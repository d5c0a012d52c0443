package io.pare.algorithm.admm;

import static io.pare.algorithm.admm.SmallProblems.POINTWISE;
import static io.pare.algorithm.admm.SmallProblems.normal;
import static io.pare.algorithm.admm.SmallProblems.solve;
import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.Geometry;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AdmmPathTest {
  private static final LayerShape LAYER = new LayerShape(24, 20, 3, 3);
  private static final long[] BUDGETS =
      Arrays.stream(new double[] {0.2, 0.33, 0.5})
          .mapToLong(share -> (long) (share * LAYER.weights()))
          .toArray();

  static Stream<Arguments> problems() {
    return Stream.of(
        Arguments.of(Support.Kind.INPUTS, Matricisation.CHANNEL, Form.CHANNEL),
        Arguments.of(Support.Kind.INPUTS, Matricisation.SPATIAL, Form.SPATIAL),
        Arguments.of(Support.Kind.FILTERS, Matricisation.SPATIAL, Form.SPATIAL),
        Arguments.of(Support.Kind.INPUTS, Matricisation.TUCKER_OUTPUTS, Form.TUCKER),
        Arguments.of(Support.Kind.FILTERS, Matricisation.TUCKER_INPUTS, Form.TUCKER));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void everyCostThatIsAimedAtIsNearlyHitWithBothComponents(
      Support.Kind kind, Matricisation matricisation, Form form) {
    List<AdmmPath.Point> points =
        path(kind, matricisation, SmallProblems.unlimited()).aimed(BUDGETS);

    assertThat(points).extracting(AdmmPath.Point::aim).containsExactly(0, 1, 2);
    for (AdmmPath.Point point : points) {
      long weights = point.structure().cost(LAYER, Geometry.UNKNOWN).weights();
      assertThat(weights).isBetween((long) (0.8 * BUDGETS[point.aim()]), BUDGETS[point.aim()]);
      assertThat(point.structure().isMixed()).isTrue();
      assertThat(point.structure().lowRank().form()).isEqualTo(form);
      assertThat(point.structure().support().kind()).isEqualTo(kind);
      assertThat(point.trace().converged()).isTrue();
    }
  }

  @Test
  void theSumThatMadeTheWeightsIsFound() {
    // A rank of one in the spatial form, and two inputs that have weights of their own.
    Structure.Sum sum =
        path(Support.Kind.INPUTS, Matricisation.SPATIAL, planted(), SmallProblems.unlimited())
            .aimed(new long[] {weights(2, 1)})
            .get(0)
            .structure();

    assertThat(sum.support()).isEqualTo(new Support(Support.Kind.INPUTS, new int[] {4, 11}));
  }

  @Test
  void aPointThatIsDominatedIsToldAndNotFollowedUp() {
    AdmmPath path =
        new AdmmPath(
            new ExtendedAdmm(
                SmallProblems.regression(LAYER, 5),
                Support.Kind.INPUTS,
                Matricisation.SPATIAL,
                SmallProblems.unlimited()),
            sum -> true);

    assertThat(path.aimed(BUDGETS))
        .hasSize(3)
        .allMatch(point -> point.trace().stopReason() == Trace.StopReason.DOMINATED);
  }

  @Test
  void theWorkIsBoundedByOneIterationBeyondItsLimit() {
    Work whole = SmallProblems.unlimited();
    int all = path(Support.Kind.INPUTS, Matricisation.SPATIAL, whole).aimed(BUDGETS).size();
    Work half = new Work(whole.spent() / 2);
    List<AdmmPath.Point> points =
        path(Support.Kind.INPUTS, Matricisation.SPATIAL, half).aimed(BUDGETS);

    assertThat(half.spent()).isBetween(whole.spent() / 2, whole.spent() * 0.55);
    assertThat(points).hasSizeBetween(1, all);
    assertThat(points.get(points.size() - 1).trace().stopReason())
        .isEqualTo(Trace.StopReason.WORK_BOUND);
  }

  @Test
  void aPathIsReproducedToTheBit() {
    assertThat(
            path(Support.Kind.FILTERS, Matricisation.SPATIAL, SmallProblems.unlimited())
                .aimed(BUDGETS))
        .isEqualTo(
            path(Support.Kind.FILTERS, Matricisation.SPATIAL, SmallProblems.unlimited())
                .aimed(BUDGETS));
  }

  @Test
  void outsideTheWindowOfRatiosOneComponentIsAbsent() {
    ExtendedAdmm admm =
        new ExtendedAdmm(
            SmallProblems.regression(POINTWISE, 5),
            Support.Kind.INPUTS,
            Matricisation.CHANNEL,
            SmallProblems.unlimited());
    double weight = GroupPenalty.weight(Groups.CHANNELS, POINTWISE);
    double[] shares = {0.5, 0.1, 0.01};
    for (double share : shares) {
      AdmmSolution low = solve(admm, SmallProblems.onRay(admm, 0.98 * weight, share));
      assertThat(low.support().isEmpty()).isTrue();
      assertThat(low.rank()).isPositive();
      AdmmSolution sparse = solve(admm, SmallProblems.onRay(admm, 1.02 * weight * 3, share));
      assertThat(sparse.rank()).isZero();
      assertThat(sparse.support().isEmpty()).isFalse();
    }
  }

  private static AdmmPath path(Support.Kind kind, Matricisation matricisation, Work work) {
    return path(kind, matricisation, SmallProblems.regression(LAYER, 5), work);
  }

  private static AdmmPath path(
      Support.Kind kind, Matricisation matricisation, Regression regression, Work work) {
    return new AdmmPath(new ExtendedAdmm(regression, kind, matricisation, work), sum -> false);
  }

  private static long weights(int inputs, int rank) {
    return inputs * 24L * 9 + rank * (20L * 3 + 24 * 3);
  }

  private static Regression planted() {
    Matrix vertical = normal(20 * 3, 1, 31);
    Matrix horizontal = normal(1, 24 * 3, 32);
    Matrix weights = Matricisation.SPATIAL.fold(DenseAlgebra.multiply(vertical, horizontal), LAYER);
    Matrix own = normal(24, LAYER.columns(), 33);
    for (int o = 0; o < 24; o++) {
      for (int input : new int[] {4, 11}) {
        for (int tap = 0; tap < 9; tap++) {
          int k = input * 9 + tap;
          weights.set(o, k, weights.at(o, k) + 2 * own.at(o, k));
        }
      }
    }
    return Regression.ofWeights(LAYER, weights, new double[24]);
  }
}
