package io.pare.algorithm.wide;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.fit.ActivationRounds;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.GramFits;
import io.pare.algorithm.fit.LayerFits;
import io.pare.algorithm.statistics.FitSpace;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.algorithm.statistics.SampleProducts;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.testing.Matrices;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The sample space gives what the d x d Gram matrix gives, with fewer and with more samples. */
class SampleSpaceFitsTest {
  private static final double RIDGE = 1e-2;
  private static final int OUTPUTS = 12;
  private static final Structure.Sum RANK_4 = Structure.of(new LowRank(Form.CHANNEL, 4));

  private record Solvers(
      LayerShape shape, GramFits columns, SampleSpaceFits samples, List<PairedBlock> blocks) {

    static Solvers of(int samples, int columns, float change, Fitting basis) {
      LayerShape shape = new LayerShape(OUTPUTS, columns, 1, 1);
      LayerProblem problem =
          new LayerProblem(
              "layer",
              shape,
              normal(OUTPUTS, columns, 3).floats(),
              normal(1, OUTPUTS, 5).values(),
              Clamp.RELU,
              RIDGE,
              FitSpace.SAMPLES);
      SampleBlock outputs = problem.outputs(inputs(samples, columns, 0));
      PairedBlock block =
          new PairedBlock(outputs, inputs(samples, columns, change), Optional.empty());
      SampleProducts products = SampleProducts.of(block.inputs(), problem.kernel());
      return new Solvers(
          shape,
          new GramFits(
              problem,
              GramFits.moments(problem, List.of(block).iterator()),
              List.of(block)::iterator),
          new SampleSpaceFits(problem, basis, products, List.of(block)::iterator),
          List.of(block));
    }

    void assertSame(Approximation actual, Approximation expected) {
      Matrix kernel = expected.matrix(shape);
      Matrix difference = DenseAlgebra.subtract(actual.matrix(shape), kernel);
      assertThat(Matrices.norm(difference)).isLessThan(1e-3 * Matrices.norm(kernel));
      assertThat(actual.bias()).containsExactly(expected.bias(), within(1e-2));
    }
  }

  @ParameterizedTest
  @CsvSource({"20, 64, LINEAR", "20, 64, ACTIVATION", "200, 24, LINEAR", "200, 24, ACTIVATION"})
  void aRefitEqualsThatOfTheSolverThatHoldsTheGramMatrix(
      int samples, int columns, Fitting fitting) {
    Solvers solvers = Solvers.of(samples, columns, 0.2f, Fitting.LINEAR);
    ActivationRounds.Result expected = solvers.columns.rivals(RANK_4, fitting).refit();

    ActivationRounds.Result wide = solvers.samples.rounds(RANK_4, fitting);

    solvers.assertSame(wide.approximation(), expected.approximation());
    assertThat(wide.error()).isCloseTo(expected.error(), within(1e-4 * expected.error() + 1e-7));
    assertThat(wide.rounds()).hasSameSizeAs(expected.rounds());
    assertThat(solvers.columns.errors(List.of(wide.approximation()))[0])
        .isCloseTo(wide.error(), within(1e-3 * wide.error()));
  }

  @ParameterizedTest
  @CsvSource({"20, 64", "200, 24"})
  void aProjectionEqualsThatOfTheSolverThatHoldsTheGramMatrix(int samples, int columns) {
    Solvers solvers = Solvers.of(samples, columns, 0.2f, Fitting.LINEAR);
    Approximation expected = solvers.columns.rivals(RANK_4, Fitting.LINEAR).projection();

    Approximation wide = solvers.samples.projection(RANK_4);

    solvers.assertSame(wide, expected);
    double[] errors = solvers.columns.errors(List.of(wide, expected));
    assertThat(errors[0]).isCloseTo(errors[1], within(1e-3 * errors[1]));
  }

  @ParameterizedTest
  @EnumSource(names = {"WEIGHTS", "LINEAR"})
  void aPathEqualsThatOfTheSolverThatHoldsTheGramMatrix(Fitting fitting) {
    Solvers solvers = Solvers.of(20, 64, 0, fitting);
    GramFits columns =
        fitting == Fitting.WEIGHTS
            ? GramFits.ofWeights(
                new LayerProblem(
                    "layer",
                    solvers.shape,
                    normal(OUTPUTS, 64, 3).floats(),
                    normal(1, OUTPUTS, 5).values(),
                    Clamp.RELU,
                    RIDGE,
                    FitSpace.COLUMNS),
                solvers.blocks::iterator)
            : solvers.columns;
    int[] steps = {2, 4, 8};
    List<LayerFits.Judged> expected = columns.path(Form.CHANNEL, steps);

    List<LayerFits.Judged> wide = solvers.samples.path(Form.CHANNEL, steps);

    for (int k = 0; k < steps.length; k++) {
      assertThat(wide.get(k).structure()).isEqualTo(expected.get(k).structure());
      assertThat(wide.get(k).error())
          .isCloseTo(expected.get(k).error(), within(1e-3 * expected.get(k).error()));
    }
    solvers.assertSame(solvers.samples.fits(List.of(RANK_4)).get(0), columns.fit(RANK_4));
  }

  private static SampleBlock inputs(int samples, int columns, float change) {
    return new SampleBlock(
        changed(Matrices.correlated(samples, columns, 9), change),
        changed(Matrices.correlated(samples / 4, columns, 19), change));
  }

  private static Samples changed(Samples samples, float change) {
    float[] values = samples.values().clone();
    for (int k = 0; k < values.length; k++) {
      values[k] += change * (float) Math.sin(k);
    }
    return new Samples(samples.rows(), samples.columns(), values);
  }
}
