package io.pare.algorithm.admm;

import static io.pare.algorithm.admm.SmallProblems.POINTWISE;
import static io.pare.algorithm.admm.SmallProblems.SPATIAL;
import static io.pare.algorithm.admm.SmallProblems.SQUARE;
import static io.pare.algorithm.admm.SmallProblems.TIGHT;
import static io.pare.algorithm.admm.SmallProblems.balanced;
import static io.pare.algorithm.admm.SmallProblems.distance;
import static io.pare.algorithm.admm.SmallProblems.solve;
import static io.pare.algorithm.admm.SmallProblems.unlimited;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Support;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExtendedAdmmTest {
  static Stream<Arguments> problems() {
    return Stream.of(
        Arguments.of(POINTWISE, Support.Kind.INPUTS, Matricisation.CHANNEL),
        Arguments.of(POINTWISE, Support.Kind.FILTERS, Matricisation.CHANNEL),
        Arguments.of(SPATIAL, Support.Kind.INPUTS, Matricisation.CHANNEL),
        Arguments.of(SPATIAL, Support.Kind.INPUTS, Matricisation.SPATIAL),
        Arguments.of(SPATIAL, Support.Kind.FILTERS, Matricisation.SPATIAL),
        Arguments.of(SPATIAL, Support.Kind.INPUTS, Matricisation.TUCKER_OUTPUTS),
        Arguments.of(SPATIAL, Support.Kind.FILTERS, Matricisation.TUCKER_INPUTS),
        Arguments.of(SQUARE, Support.Kind.INPUTS, Matricisation.SPATIAL),
        Arguments.of(SQUARE, Support.Kind.FILTERS, Matricisation.TUCKER_INPUTS));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void theSolutionMeetsTheOptimalityConditions(
      LayerShape shape, Support.Kind kind, Matricisation form) {
    Regression regression = SmallProblems.regression(shape, 1);
    ExtendedAdmm admm = new ExtendedAdmm(regression, kind, form, unlimited());
    Penalties penalties = balanced(admm, 0.1);
    AdmmSolution solution = solve(admm, penalties);
    assertThat(solution.trace().converged()).isTrue();
    assertThat(solution.support().isEmpty()).isFalse();
    assertThat(solution.rank()).isPositive();

    Matrix gradient =
        DenseAlgebra.subtract(
            DenseAlgebra.multiply(solution.fitted(), regression.gram()), regression.cross());
    double scale = Residuals.norm(solution.multiplier());
    assertThat(distance(gradient, solution.multiplier())).isLessThan(1e-8 * scale);
    assertThat(
            distance(
                DenseAlgebra.combine(solution.sparse(), solution.lowRank(), 1), solution.fitted()))
        .isLessThan(1e-8 * Residuals.norm(solution.fitted()));

    // -L is a subgradient of a norm at X exactly if its dual norm is at most lambda and <-L, X> =
    // lambda ||X||.
    double bound = penalties.sparse() * GroupPenalty.weight(Groups.of(kind), shape);
    for (double norm : Groups.of(kind).norms(solution.multiplier(), shape)) {
      assertThat(norm).isLessThanOrEqualTo(bound * (1 + 1e-7));
    }
    double norm =
        penalties.sparse() * SmallProblems.norm(Groups.of(kind), shape, solution.sparse());
    assertThat(-DenseAlgebra.inner(solution.multiplier(), solution.sparse()))
        .isCloseTo(norm, within(1e-7 * norm));
    assertThat(SmallProblems.singularValues(form, shape, solution.multiplier())[0])
        .isLessThanOrEqualTo(penalties.lowRank() * (1 + 1e-7));
    double[] singular = SmallProblems.singularValues(form, shape, solution.lowRank());
    double nuclear = 0;
    for (int k = 0; k < solution.rank(); k++) {
      nuclear += penalties.lowRank() * singular[k];
    }
    assertThat(-DenseAlgebra.inner(solution.multiplier(), solution.lowRank()))
        .isCloseTo(nuclear, within(1e-7 * nuclear));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void theOptimumIsThatOfProximalGradientSteps(
      LayerShape shape, Support.Kind kind, Matricisation form) {
    Regression regression = SmallProblems.regression(shape, 2);
    ExtendedAdmm admm = new ExtendedAdmm(regression, kind, form, unlimited());
    Penalties penalties = balanced(admm, 0.15);
    GroupPenalty sparse = new GroupPenalty(Groups.of(kind), shape, penalties.sparse());
    NuclearPenalty lowRank = SmallProblems.nuclear(form, shape, penalties.lowRank());
    double steepness = 2 * Eigen.of(regression.gram()).values()[0];
    Matrix a = Matrix.zeros(shape.outputs(), shape.columns());
    Matrix b = a;
    double objective = 0;
    for (int k = 0; k < 4000; k++) {
      Matrix sum = DenseAlgebra.combine(a, b, 1);
      Matrix product = DenseAlgebra.multiply(sum, regression.gram());
      Matrix gradient = DenseAlgebra.subtract(product, regression.cross());
      Block.Update nextA =
          sparse.nearest(DenseAlgebra.combine(a, gradient, -1 / steepness), steepness);
      Block.Update nextB =
          lowRank.nearest(DenseAlgebra.combine(b, gradient, -1 / steepness), steepness);
      a = nextA.image();
      b = nextB.image();
      objective = nextA.value() + nextB.value();
    }
    Matrix sum = DenseAlgebra.combine(a, b, 1);
    objective += SmallProblems.loss(regression, sum);

    AdmmSolution solution = solve(admm, penalties);
    assertThat(objective(admm, penalties, solution))
        .isCloseTo(objective, within(1e-6 * Math.abs(objective)));
    assertThat(distance(solution.fitted(), sum)).isLessThan(1e-2 * Residuals.norm(sum));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void theObjectiveDoesNotDependOnTheStartingPenalty(
      LayerShape shape, Support.Kind kind, Matricisation form) {
    ExtendedAdmm admm =
        new ExtendedAdmm(SmallProblems.regression(shape, 3), kind, form, unlimited());
    Penalties penalties = balanced(admm, 0.1);
    double expected = objective(admm, penalties, solve(admm, penalties));
    for (double factor : new double[] {0.05, 5, 50}) {
      AdmmSolution solution = solveFrom(admm, penalties, factor * startingPenalty(admm), TIGHT);
      assertThat(solution.trace().converged()).isTrue();
      assertThat(objective(admm, penalties, solution))
          .isCloseTo(expected, within(1e-8 * Math.abs(expected)));
    }
  }

  @Test
  void theSafeguardedVariantFindsTheSameSolutionAtAPenaltyThatIsTooLarge() {
    ExtendedAdmm reference = pointwise();
    Penalties penalties = balanced(reference, 0.1);
    AdmmSolution expected = solve(reference, penalties);
    ExtendedAdmm impatient = pointwise();
    AdmmSettings settings = new AdmmSettings(1e-11, 1e-10, 50_000, 0, 2);
    AdmmSolution solution =
        solveFrom(impatient, penalties, 10 * startingPenalty(impatient), settings);
    assertThat(solution.trace().last().variant()).isEqualTo(Variant.SEMI_PROXIMAL);
    assertThat(solution.trace().converged()).isTrue();
    double optimum = objective(reference, penalties, expected);
    assertThat(objective(impatient, penalties, solution))
        .isCloseTo(optimum, within(1e-8 * -optimum));
    assertThat(solution.support()).isEqualTo(expected.support());
    assertThat(solution.rank()).isEqualTo(expected.rank());
  }

  @Test
  void aWarmStartReachesTheSameSolutionSooner() {
    ExtendedAdmm admm = pointwise();
    Penalties penalties = balanced(admm, 0.1);
    AdmmSolution cold = solve(admm, penalties);
    Penalties near = balanced(admm, 0.105);
    AdmmSolution warm = admm.solve(penalties, Optional.of(solve(admm, near)), TIGHT);
    double optimum = objective(admm, penalties, cold);
    assertThat(objective(admm, penalties, warm)).isCloseTo(optimum, within(1e-8 * -optimum));
    assertThat(warm.support()).isEqualTo(cold.support());
    assertThat(warm.rank()).isEqualTo(cold.rank());
    assertThat(admm.solve(penalties, Optional.of(cold), TIGHT).trace().iterations().size())
        .isLessThan(cold.trace().iterations().size() / 2);
  }

  @Test
  void aHugePenaltyHoldsItsComponentAtZero() {
    ExtendedAdmm admm = pointwise();
    AdmmSolution sparse = solve(admm, sparseAlone(0.3 * admm.largestSparsePenalty()));
    assertThat(sparse.trace().converged()).isTrue();
    assertThat(Residuals.norm(sparse.lowRank())).isZero();
    assertThat(sparse.support().size()).isBetween(1, 8);
    AdmmSolution lowRank =
        admm.solve(lowRankAlone(0.3 * admm.largestLowRankPenalty()), Optional.of(sparse), TIGHT);
    assertThat(lowRank.trace().converged()).isTrue();
    assertThat(Residuals.norm(lowRank.sparse())).isZero();
    assertThat(lowRank.rank()).isBetween(1, 5);
  }

  @Test
  void aComponentEntersExactlyBelowItsLargestPenalty() {
    ExtendedAdmm admm = pointwise();
    double sparse = admm.largestSparsePenalty();
    assertThat(solve(admm, sparseAlone(1.001 * sparse)).support().isEmpty()).isTrue();
    assertThat(solve(admm, sparseAlone(0.99 * sparse)).support().size()).isEqualTo(1);
    double lowRank = admm.largestLowRankPenalty();
    assertThat(solve(admm, lowRankAlone(1.001 * lowRank)).rank()).isZero();
    assertThat(solve(admm, lowRankAlone(0.99 * lowRank)).rank()).isEqualTo(1);
  }

  @Test
  void theTraceSaysThatTheIterationLimitCameFirst() {
    ExtendedAdmm admm = pointwise();
    AdmmSettings settings = new AdmmSettings(1e-11, 1e-10, 7, 20, 25);
    AdmmSolution solution = admm.solve(balanced(admm, 0.1), Optional.empty(), settings);
    assertThat(solution.trace().stopReason()).isEqualTo(Trace.StopReason.ITERATION_LIMIT);
    assertThat(solution.trace().converged()).isFalse();
    assertThat(solution.trace().iterations()).hasSize(7);
    assertThat(solution.trace().last().primalResidual()).isGreaterThan(1e-10);
  }

  @Test
  void momentsThatAreNoNumbersAreRefused() {
    Matrix gram = Matrix.zeros(2, 2);
    gram.set(0, 0, Double.NaN);
    assertThatThrownBy(() -> new Moments(1, new double[2], new double[2], gram, Matrix.zeros(2, 2)))
        .hasMessageContaining("not finite");
  }

  private static Penalties sparseAlone(double lambda) {
    return new Penalties(lambda, 1e9);
  }

  private static Penalties lowRankAlone(double lambda) {
    return new Penalties(1e9, lambda);
  }

  private static double startingPenalty(ExtendedAdmm admm) {
    return new LayerLoss(admm.regression(), unlimited()).startingPenalty();
  }

  /** The solution from zero with a given first rho. */
  private static AdmmSolution solveFrom(
      ExtendedAdmm admm, Penalties penalties, double rho, AdmmSettings until) {
    Matrix cross = admm.regression().cross();
    Matrix zero = Matrix.zeros(cross.rows(), cross.columns());
    Trace trace = new Trace(List.of(), Trace.StopReason.ITERATION_LIMIT);
    AdmmSolution start = new AdmmSolution(zero, zero, zero, zero, rho, Support.NONE, 0, trace);
    return admm.solve(penalties, Optional.of(start), until);
  }

  /** The objective at (A, B) with M = A + B: an upper bound of the optimum. */
  private static double objective(ExtendedAdmm admm, Penalties penalties, AdmmSolution solution) {
    Regression regression = admm.regression();
    LayerShape shape = regression.shape();
    Matrix sum = DenseAlgebra.combine(solution.sparse(), solution.lowRank(), 1);
    double[] singular =
        SmallProblems.singularValues(admm.matricisation(), shape, solution.lowRank());
    return SmallProblems.loss(regression, sum)
        + penalties.sparse() * SmallProblems.norm(admm.groups(), shape, solution.sparse())
        + penalties.lowRank() * Arrays.stream(singular).limit(solution.rank()).sum();
  }

  private static ExtendedAdmm pointwise() {
    return new ExtendedAdmm(
        SmallProblems.regression(POINTWISE, 4),
        Support.Kind.INPUTS,
        Matricisation.CHANNEL,
        unlimited());
  }
}
