package io.pare.algorithm.fit;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.LayerShape;
import io.pare.testing.Matrices;
import org.junit.jupiter.api.Test;

class SupportFitTest {
  private static final LayerShape SHAPE = new LayerShape(4, 5, 2, 2);
  private static final int[] SUPPORT = {0, 3};

  @Test
  void theFitOnASupportIsTheLeastSquaresFitToTheSamples() {
    Matrix weights = normal(4, 20, 1);
    Samples x = Matrices.correlated(800, 20, 2);
    Samples y = x.transformed(weights, new double[4]);
    Moments.Accumulator accumulator = new Moments.Accumulator(20, 4);
    accumulator.add(x, y);
    Regression regression = Regression.of(SHAPE, weights, accumulator.moments(), 1e-9);
    Matrix kernel = SupportFit.channels(regression, SUPPORT);
    Matrix m = new Component.KeptInputs(SUPPORT, kernel).matrix(SHAPE);
    Samples fitted = x.transformed(m, regression.bias(m));

    // A least-squares residual is orthogonal to every input that was offered, and to the constant.
    for (int o = 0; o < 4; o++) {
      assertThat(correlation(x, -1, y, fitted, o)).isCloseTo(0, within(1e-4));
      for (int column : SHAPE.columns(SUPPORT)) {
        assertThat(correlation(x, column, y, fitted, o)).isCloseTo(0, within(1e-4));
      }
      assertThat(Math.abs(correlation(x, 5, y, fitted, o))).isGreaterThan(1e-2);
    }
  }

  @Test
  void everyChannelTogetherReachesTheTarget() {
    Regression regression = GreedySupportTest.regression(SHAPE, normal(4, 20, 3), 4);
    Matrix kernel = SupportFit.channels(regression, new int[] {0, 1, 2, 3, 4});
    assertThat(regression.excessError(kernel)).isLessThan(1e-10);
  }

  /** Of one output's residual and one input (-1: the constant), over the samples. */
  private static double correlation(Samples x, int column, Samples y, Samples fitted, int output) {
    double product = 0;
    double residuals = 0;
    double inputs = 0;
    for (int i = 0; i < x.rows(); i++) {
      double residual = y.values()[i * 4 + output] - fitted.values()[i * 4 + output];
      double input = column < 0 ? 1 : x.values()[i * 20 + column];
      product += residual * input;
      residuals += residual * residual;
      inputs += input * input;
    }
    return product / Math.sqrt(residuals * inputs);
  }
}
