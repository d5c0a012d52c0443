package io.pare.algorithm.wide;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.GramFits;
import io.pare.algorithm.fit.InputScreen;
import io.pare.algorithm.fit.LayerFits;
import io.pare.algorithm.fit.LowRankFit;
import io.pare.algorithm.fit.SupportFit;
import io.pare.algorithm.statistics.FitSpace;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.algorithm.statistics.SampleProducts;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.statistics.SolvedTarget;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import io.pare.testing.Matrices;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Low rank, kept inputs and sums without a Gram matrix are those with one. */
class TargetFitsTest {
  private static final LayerShape SHAPE = new LayerShape(12, 64, 1, 1);
  private static final Support KEPT =
      new Support(Support.Kind.INPUTS, new int[] {0, 3, 17, 18, 40, 63});
  private static final Structure.Sum INPUTS = Structure.of(KEPT);
  private static final Structure.Sum SUM = new Structure.Sum(new LowRank(Form.CHANNEL, 3), KEPT);
  private static final List<Structure.Sum> STRUCTURES =
      List.of(Structure.of(new LowRank(Form.CHANNEL, 4)), INPUTS, SUM);

  private final LayerProblem problem =
      new LayerProblem(
          "layer",
          SHAPE,
          normal(SHAPE.outputs(), SHAPE.columns(), 3).floats(),
          normal(1, SHAPE.outputs(), 5).values(),
          Clamp.RELU,
          1e-2,
          FitSpace.STRIPS);

  /** Inputs that differ from those of the original, so that T is not W. */
  private List<PairedBlock> blocks(int samples) {
    SampleBlock original = new SampleBlock(inputs(samples, 9), inputs(samples / 4, 19));
    SampleBlock changed = new SampleBlock(changed(original.fit()), changed(original.heldOut()));
    return List.of(new PairedBlock(problem.outputs(original), changed, Optional.empty()));
  }

  private GramFits withGram(List<PairedBlock> blocks) {
    return new GramFits(problem, GramFits.moments(problem, blocks.iterator()), blocks::iterator);
  }

  private TargetFits withTarget(List<PairedBlock> blocks) {
    Regression regression = withGram(blocks).regression().orElseThrow();
    Samples target = new Samples(SHAPE.outputs(), SHAPE.columns(), regression.target().floats());
    return TargetFits.of(problem, new SolvedTarget(target, regression.ridge()), blocks::iterator);
  }

  private SampleSpaceFits inSampleSpace(List<PairedBlock> blocks) {
    SampleProducts products = SampleProducts.of(blocks.get(0).inputs(), problem.kernel());
    return new SampleSpaceFits(problem, Fitting.LINEAR, products, blocks::iterator);
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 300})
  void fitsAreThoseOfTheSolverThatHoldsTheGramMatrix(int samples) {
    List<PairedBlock> blocks = blocks(samples);
    GramFits gram = withGram(blocks);

    assertSame(withTarget(blocks), gram);
    assertSame(inSampleSpace(blocks), gram);
  }

  private static void assertSame(LayerFits fits, GramFits gram) {
    List<Approximation> expected = gram.fits(STRUCTURES);
    List<Approximation> actual = fits.fits(STRUCTURES);
    List<LayerFits.Judged> expectedErrors = gram.judged(STRUCTURES);
    List<LayerFits.Judged> errors = fits.judged(STRUCTURES);
    for (int k = 0; k < STRUCTURES.size(); k++) {
      Matrix kernel = expected.get(k).matrix(SHAPE);
      Matrix difference = DenseAlgebra.subtract(actual.get(k).matrix(SHAPE), kernel);
      String label = STRUCTURES.get(k).label();
      assertThat(Matrices.norm(difference)).as(label).isLessThan(2e-3 * Matrices.norm(kernel));
      assertThat(actual.get(k).bias())
          .as(label)
          .containsExactly(expected.get(k).bias(), within(2e-2));
      assertThat(errors.get(k).structure()).isEqualTo(STRUCTURES.get(k));
      double error = expectedErrors.get(k).error();
      assertThat(errors.get(k).error()).as(label).isCloseTo(error, within(5e-3 * error));
    }
  }

  @Test
  void aRefitOfKeptInputsIsThatOfTheSolverThatHoldsTheGramMatrix() {
    List<PairedBlock> blocks = blocks(300);
    LayerFits.Refit expected = withGram(blocks).refit(INPUTS, Fitting.ACTIVATION);

    LayerFits.Refit refit = withTarget(blocks).refit(INPUTS, Fitting.ACTIVATION);

    assertThat(refit.error()).isCloseTo(expected.error(), within(1e-2 * expected.error()));
    assertThat(withGram(blocks).errors(List.of(refit.approximation()))[0])
        .isCloseTo(refit.error(), within(1e-3 * refit.error()));
  }

  @Test
  void aRefitAfterTheActivationIsBetterThanTheLinearFit() {
    List<PairedBlock> blocks = blocks(300);
    for (LayerFits fits : List.of(withTarget(blocks), inSampleSpace(blocks))) {
      double linear = fits.judged(List.of(SUM)).get(0).error();

      LayerFits.Refit refit = fits.refit(SUM, Fitting.ACTIVATION);

      assertThat(refit.error()).isLessThan(linear);
      assertThat(withGram(blocks).errors(List.of(refit.approximation()))[0])
          .isCloseTo(refit.error(), within(1e-3 * refit.error()));
    }
  }

  @Test
  void theInputsThatASearchLooksAtCarryMostAndHaveTheGainsOfTheWholeProblem() {
    List<PairedBlock> blocks = blocks(300);
    Regression whole = withGram(blocks).regression().orElseThrow();
    InputScreen screen = withTarget(blocks).screen().orElseThrow();

    InputScreen.Part part = screen.part(1, 10);
    double[] gains = screen.gains(part, 3);

    assertThat(part.inputs()).hasSize(10).isSorted();
    double least = Double.POSITIVE_INFINITY;
    for (int j : part.inputs()) {
      least = Math.min(least, energy(whole, j));
    }
    for (int j = 0; j < SHAPE.columns(); j++) {
      if (Arrays.binarySearch(part.inputs(), j) < 0) {
        assertThat(energy(whole, j)).isLessThan(least);
      }
    }
    try (LowRankFit low = LowRankFit.prepare(Form.CHANNEL, whole)) {
      Matrix b = low.fit(new LowRank(Form.CHANNEL, 3)).matrix(SHAPE);
      double[] expected = SupportFit.gains(whole.minus(b));
      for (int k = 0; k < gains.length; k++) {
        double gain = expected[part.inputs()[k]];
        assertThat(gains[k]).isCloseTo(gain, within(1e-2 * gain));
      }
    }
    assertThat(screen.part(8, 20).inputs()).hasSize(16);
  }

  @Test
  void aStructureThatNeedsTheGramMatrixIsRefused() {
    Structure.Sum filters = Structure.of(new Support(Support.Kind.FILTERS, new int[] {1}));
    assertThatThrownBy(() -> withTarget(blocks(20)).fits(List.of(filters)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Gram");
  }

  private static double energy(Regression regression, int input) {
    double sum = 0;
    for (int i = 0; i < SHAPE.outputs(); i++) {
      double weight = regression.target().at(i, input);
      sum += weight * weight * regression.gram().at(input, input);
    }
    return sum;
  }

  private static Samples inputs(int samples, long seed) {
    return Matrices.correlated(samples, SHAPE.columns(), seed);
  }

  private static Samples changed(Samples samples) {
    float[] values = samples.values().clone();
    for (int k = 0; k < values.length; k++) {
      values[k] += 0.2f * (float) Math.sin(k);
    }
    return new Samples(samples.rows(), samples.columns(), values);
  }
}
