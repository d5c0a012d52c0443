package io.pare.algorithm.statistics;

import static io.pare.testing.Matrices.assertClose;
import static io.pare.testing.Matrices.normal;
import static io.pare.testing.Matrices.product;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.LayerShape;
import io.pare.testing.Matrices;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** The problem of one layer against sums over its samples. */
class RegressionTest {
  private static final LayerShape SHAPE = new LayerShape(3, 5, 1, 1);
  private static final int SAMPLES = 400;
  private static final Samples X = Matrices.correlated(SAMPLES, 5, 1);
  private static final Matrix WEIGHTS = normal(3, 5, 2);
  private static final double[] BIAS = {1, -2, 3};
  // Not a linear function of the inputs: something is left whatever M is.
  private static final Samples U = squared(X.transformed(WEIGHTS, BIAS));
  private static final Moments MOMENTS = moments(X, U);

  private final Regression regression = Regression.of(SHAPE, WEIGHTS, MOMENTS, 1e-3);

  @Property(tries = 30, seed = "1")
  void theExcessErrorIsWhatTheRidgedLossOfTheSamplesHasBeyondItsLeast(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.01, max = 1) double ridge) {
    Regression ridged = Regression.of(SHAPE, WEIGHTS, MOMENTS, ridge);
    Matrix m = DenseAlgebra.combine(ridged.target(), normal(3, 5, seed), 1);
    double expected = loss(m, ridge) - loss(ridged.target(), ridge);
    assertThat(ridged.excessError(m)).isCloseTo(expected, within(1e-3 * (1 + expected)));
    assertThat(expected).isPositive();
  }

  @Test
  void theTargetSolvesTheNormalEquations() {
    assertClose(product(regression.target(), regression.gram()), regression.cross(), 1e-9);
    assertThat(regression.excessError(regression.target())).isCloseTo(0, within(1e-9));
  }

  @Test
  void aSolutionThatIsKnownPosesTheSameProblem() {
    SolvedMoments solved = SolvedMoments.of(SHAPE, WEIGHTS, MOMENTS, 1e-3);

    Regression known = Regression.of(SHAPE, WEIGHTS, solved, 1e-3);

    assertThat(known.target().values()).containsExactly(regression.target().values());
    assertThat(known.gram().values()).containsExactly(regression.gram().values());
    assertThat(known.cross().values()).containsExactly(regression.cross().values());
    double[] mean = {1, 2, 3};
    assertThat(known.withTarget(WEIGHTS, mean).target().values())
        .containsExactly(regression.withTarget(WEIGHTS, mean).target().values());
  }

  @Property(tries = 30, seed = "2")
  void noOtherBiasFitsTheSamplesBetter(@ForAll long seed) {
    Matrix m = normal(3, 5, seed);
    double[] best = regression.bias(m);
    double least = squaredError(m, best);
    for (int o = 0; o < 3; o++) {
      for (double step : new double[] {-0.05, 0.05}) {
        double[] other = best.clone();
        other[o] += step;
        assertThat(squaredError(m, other)).isGreaterThan(least);
      }
    }
  }

  @Property(tries = 30, seed = "3")
  void whatIsLeftBehindAComponentIsTheProblemOfTheSum(@ForAll long seed) {
    Matrix a = normal(3, 5, seed);
    Matrix b = normal(3, 5, seed + 1);
    double together = regression.excessError(DenseAlgebra.combine(a, b, 1));
    assertThat(regression.minus(a).excessError(b)).isCloseTo(together, within(1e-9 * together));
    Regression twice = regression.minus(a).minus(b);
    assertThat(twice.excessError(Matrix.zeros(3, 5))).isCloseTo(together, within(1e-9 * together));
    assertClose(product(twice.target(), twice.gram()), twice.cross(), 1e-8);
  }

  @Test
  void theProblemOfSomeOutputsIsThatPartOfTheWhole() {
    int[] rows = {0, 2};
    Regression part = regression.outputs(rows);
    Matrix m = normal(3, 5, 4);
    assertThat(part.shape()).isEqualTo(new LayerShape(2, 5, 1, 1));
    assertThat(part.target()).isEqualTo(regression.target().rows(rows));
    assertThat(part.cross()).isEqualTo(regression.cross().rows(rows));
    double[] whole = regression.bias(m);
    assertThat(part.bias(m.rows(rows))).containsExactly(whole[0], whole[2]);
    double sum = 0;
    for (int o = 0; o < 3; o++) {
      int[] one = {o};
      sum += regression.outputs(one).excessError(m.rows(one));
    }
    assertThat(regression.excessError(m)).isCloseTo(sum, within(1e-9 * sum));
  }

  @Test
  void anotherTargetOfTheSameInputsIsTheProblemMadeFromItsOwnMoments() {
    Samples other = X.transformed(normal(3, 5, 5), new double[] {0.5, 0, -1});
    Moments moments = moments(X, other);
    Regression expected = Regression.of(SHAPE, WEIGHTS, moments, 1e-3);
    Regression actual = regression.withTarget(moments.cross(), moments.targetMean());
    assertClose(actual.target(), expected.target(), 1e-9);
    assertClose(actual.cross(), expected.cross(), 1e-9);
    Matrix m = normal(3, 5, 6);
    assertThat(actual.bias(m)).containsExactly(expected.bias(m), within(1e-9));
  }

  @Test
  void projectingAsksForTheOriginalLayerAndItsBias() {
    Regression projecting = regression.projecting(BIAS);
    assertThat(projecting.target()).isEqualTo(WEIGHTS);
    assertThat(projecting.excessError(WEIGHTS)).isZero();
    assertThat(projecting.bias(WEIGHTS)).containsExactly(BIAS, within(1e-9));
    assertClose(projecting.cross(), product(WEIGHTS, regression.gram()), 1e-9);
  }

  @Test
  void withoutDataTheMetricIsThatOfTheEntries() {
    Regression plain = Regression.ofWeights(SHAPE, WEIGHTS, BIAS);
    Matrix m = normal(3, 5, 7);
    Matrix difference = DenseAlgebra.subtract(m, WEIGHTS);
    assertThat(plain.excessError(m))
        .isCloseTo(DenseAlgebra.inner(difference, difference), within(1e-9));
    assertThat(plain.bias(m)).containsExactly(BIAS);
  }

  @Test
  void aDeadInputKeepsItsOriginalWeight() {
    float[] values = X.values().clone();
    for (int i = 0; i < SAMPLES; i++) {
      values[i * 5 + 3] = 0;
    }
    Samples dead = new Samples(SAMPLES, 5, values);
    Matrix target = Regression.of(SHAPE, WEIGHTS, moments(dead, U), 1e-3).target();
    for (int o = 0; o < 3; o++) {
      assertThat(target.at(o, 3)).isCloseTo(WEIGHTS.at(o, 3), within(1e-9));
    }
  }

  @Test
  void inputsThatAreAllZeroLeaveTheWeightsAsTheyWere() {
    Samples zero = new Samples(4, 5, new float[20]);
    Regression still =
        Regression.of(SHAPE, WEIGHTS, moments(zero, new Samples(4, 3, new float[12])), 1e-3);
    assertClose(still.target(), WEIGHTS, 1e-9);
  }

  @Test
  void completedComponentsHaveTheBestBias() {
    Matrix m = normal(3, 5, 8);
    Approximation completed = regression.completed(List.of(new Component.Dense(m)));
    assertThat(completed.bias()).containsExactly(regression.bias(m));
    assertThatThrownBy(() -> Regression.of(SHAPE, WEIGHTS, MOMENTS, 0))
        .hasMessage("the ridge must be above 0, not 0.0");
    m.set(0, 0, Double.NaN);
    assertThatThrownBy(() -> regression.completed(List.of(new Component.Dense(m))))
        .hasMessageContaining("fitted kernel");
  }

  /** Mean squared error with the best bias, and the ridge's pull towards W. */
  private static double loss(Matrix m, double ridge) {
    double trace = 0;
    for (int k = 0; k < 5; k++) {
      trace += MOMENTS.gram().at(k, k);
    }
    Matrix away = DenseAlgebra.subtract(m, WEIGHTS);
    double[] bias = Regression.of(SHAPE, WEIGHTS, MOMENTS, 1).bias(m);
    return squaredError(m, bias) + ridge * trace / 5 * DenseAlgebra.inner(away, away);
  }

  private static double squaredError(Matrix m, double[] bias) {
    double sum = 0;
    for (int s = 0; s < SAMPLES; s++) {
      for (int o = 0; o < 3; o++) {
        double output = bias[o];
        for (int j = 0; j < 5; j++) {
          output += m.at(o, j) * X.values()[s * 5 + j];
        }
        sum += Math.pow(output - U.values()[s * 3 + o], 2);
      }
    }
    return sum / SAMPLES;
  }

  private static Moments moments(Samples x, Samples u) {
    Moments.Accumulator accumulator = new Moments.Accumulator(x.columns(), u.columns());
    accumulator.add(x, u);
    return accumulator.moments();
  }

  private static Samples squared(Samples samples) {
    float[] values = samples.values().clone();
    for (int k = 0; k < values.length; k++) {
      values[k] += 0.05f * values[k] * values[k];
    }
    return new Samples(samples.rows(), samples.columns(), values);
  }
}
