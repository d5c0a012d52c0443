package io.pare.algorithm.fit;

import static io.pare.testing.Matrices.assertClose;
import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Factor;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.Geometry;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A fit is where no small change of what was fitted last lowers the error. */
class StructureFitTest {
  private static final LayerShape SHAPE = new LayerShape(6, 4, 3, 2);
  private static final Support NONE = Support.NONE;
  private static final Support INPUTS = new Support(Support.Kind.INPUTS, new int[] {1, 3});
  private static final Support FILTERS = new Support(Support.Kind.FILTERS, new int[] {0, 4});
  private static final Support ALL = Support.allFilters(SHAPE);

  private final Regression regression = GreedySupportTest.regression(SHAPE, normal(6, 24, 1), 2);

  /** A structure and, as component and factor, what its fit solves last or in closed form. */
  static Stream<Arguments> structures() {
    LowRank channel = new LowRank(Form.CHANNEL, 2);
    LowRank spatial = new LowRank(Form.SPATIAL, 3);
    LowRank tucker = new LowRank(Form.TUCKER, 2, 3);
    LowRank chain = new LowRank(Form.CHAIN, 4, 3);
    return Stream.of(
        Arguments.of(LowRank.NONE, ALL, new int[][] {{0, 0}}),
        Arguments.of(LowRank.NONE, INPUTS, new int[][] {{0, 0}}),
        Arguments.of(LowRank.NONE, FILTERS, new int[][] {{0, 0}}),
        Arguments.of(channel, NONE, new int[][] {{0, 0}, {0, 1}}),
        Arguments.of(channel, INPUTS, new int[][] {{0, 0}, {0, 1}, {1, 0}}),
        Arguments.of(channel, FILTERS, new int[][] {{0, 0}, {0, 1}, {1, 0}}),
        Arguments.of(spatial, NONE, new int[][] {{0, 1}}),
        Arguments.of(spatial, INPUTS, new int[][] {{1, 0}}),
        Arguments.of(spatial, FILTERS, new int[][] {{0, 1}, {1, 0}}),
        Arguments.of(tucker, NONE, new int[][] {{0, 1}, {0, 2}}),
        Arguments.of(tucker, INPUTS, new int[][] {{1, 0}}),
        Arguments.of(tucker, FILTERS, new int[][] {{0, 1}, {0, 2}, {1, 0}}),
        Arguments.of(chain, NONE, new int[][] {{0, 1}, {0, 2}}),
        Arguments.of(chain, INPUTS, new int[][] {{1, 0}}),
        Arguments.of(chain, FILTERS, new int[][] {{0, 1}, {0, 2}, {1, 0}}));
  }

  @ParameterizedTest
  @MethodSource("structures")
  void noSmallChangeOfWhatWasSolvedLowersTheError(
      LowRank lowRank, Support support, int[][] solved) {
    try (StructureFit.Forms forms = new StructureFit.Forms()) {
      StructureFit fit = new StructureFit(new Structure.Sum(lowRank, support), regression, forms);
      assertStationary(fit.fit(), solved, regression);
    }
  }

  @ParameterizedTest
  @MethodSource("structures")
  void aRefitToAnotherTargetIsAtLeastAsGoodForItAsTheOldFit(
      LowRank lowRank, Support support, int[][] solved) {
    Regression next =
        regression.withTarget(
            DenseAlgebra.combine(regression.cross(), normal(6, 24, 3), 0.05), new double[6]);
    try (StructureFit.Forms forms = new StructureFit.Forms()) {
      StructureFit fit = new StructureFit(new Structure.Sum(lowRank, support), regression, forms);
      List<Component> before = fit.fit();
      List<Component> after = fit.retargeted(next).improve(before);
      assertThat(error(after, next)).isLessThanOrEqualTo(error(before, next) * (1 + 1e-9));
      assertStationary(after, solved, next);
    }
  }

  @ParameterizedTest
  @MethodSource("structures")
  void theComponentsAreThoseOfTheStructure(LowRank lowRank, Support support, int[][] solved) {
    Structure.Sum structure = new Structure.Sum(lowRank, support);
    try (StructureFit.Forms forms = new StructureFit.Forms()) {
      StructureFit fit = new StructureFit(structure, regression, forms);
      List<Component> components = fit.fit();
      Approximation sum = new Approximation(components, new double[6]);
      assertThat(sum.cost(SHAPE, Geometry.UNKNOWN))
          .isEqualTo(structure.cost(SHAPE, Geometry.UNKNOWN));
      for (int filter : support.hasFilters() ? support.indices() : new int[0]) {
        int[] row = {filter};
        assertClose(sum.matrix(SHAPE).rows(row), regression.target().rows(row), 1e-12);
      }
      assertThat(solved).isNotEmpty();
    }
  }

  private static void assertStationary(
      List<Component> components, int[][] solved, Regression problem) {
    double least = error(components, problem);
    for (int[] place : solved) {
      Matrix kernel = components.get(place[0]).factors().get(place[1]).kernel();
      for (int seed = 0; seed < 8; seed++) {
        for (double size : new double[] {-1e-3, 1e-3}) {
          Matrix other =
              DenseAlgebra.combine(kernel, normal(kernel.rows(), kernel.columns(), seed), size);
          assertThat(error(replaced(components, place, other), problem))
              .as("component %s factor %s", place[0], place[1])
              .isGreaterThanOrEqualTo(least * (1 - 1e-9) - 1e-12);
        }
      }
    }
  }

  private static List<Component> replaced(List<Component> components, int[] place, Matrix kernel) {
    List<Component> result = new ArrayList<>(components);
    Component old = components.get(place[0]);
    Component changed;
    if (old instanceof Component.Factors factors) {
      List<Factor> chain = new ArrayList<>(factors.factors());
      chain.set(place[1], new Factor(chain.get(place[1]).taps(), kernel));
      changed = new Component.Factors(chain);
    } else if (old instanceof Component.KeptInputs inputs) {
      changed = new Component.KeptInputs(inputs.inputs(), kernel);
    } else if (old instanceof Component.KeptFilters filters) {
      changed = new Component.KeptFilters(filters.filters(), kernel);
    } else {
      changed = new Component.Dense(kernel);
    }
    result.set(place[0], changed);
    return result;
  }

  private static double error(List<Component> components, Regression problem) {
    return problem.excessError(new Approximation(components, new double[6]).matrix(SHAPE));
  }
}
