package io.pare.algorithm.statistics;

import static io.pare.testing.Matrices.assertClose;
import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.testing.Matrices;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleProductsTest {
  private static final int FIT = 7;
  private static final int ALL = 10;
  private static final int COLUMNS = 11;

  private final SampleBlock samples =
      new SampleBlock(
          Matrices.correlated(FIT, COLUMNS, 1), Matrices.correlated(ALL - FIT, COLUMNS, 2));
  private final Samples weights = new Samples(4, COLUMNS, normal(4, COLUMNS, 3).floats());
  private final Samples all = Samples.joined(List.of(samples.fit(), samples.heldOut()));
  private final float[] mean = samples.fit().columnMeans();
  private final Matrix w = matrix(weights.values(), 4);

  @Test
  void theyAreThoseOfSamplesLessTheMeanOfTheFit() {
    assertAreProducts(SampleProducts.of(samples, weights));
  }

  @Test
  void centringNeedsTheProductsAlone() {
    Matrix raw = matrix(all.values(), ALL);
    assertAreProducts(
        SampleProducts.centred(
            FIT,
            DenseAlgebra.multiplyTransposed(raw, raw),
            DenseAlgebra.multiplyTransposed(w, raw),
            SampleProducts.energy(weights)));
  }

  @Test
  void whatDoesNotBelongTogetherIsRefused() {
    Matrix square = Matrix.identity(3);
    assertThatThrownBy(() -> new SampleProducts(4, square, square, square, square))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 samples of a fit");
  }

  private void assertAreProducts(SampleProducts products) {
    Matrix x = matrix(all.centred(mean, new double[COLUMNS]), ALL);
    assertClose(products.gram(), DenseAlgebra.multiplyTransposed(x, x), 1e-3);
    assertClose(products.projections(), DenseAlgebra.multiplyTransposed(w, x), 1e-3);
    assertClose(products.weightEnergy(), DenseAlgebra.multiplyTransposed(w, w), 1e-3);
    assertClose(
        products.weightsOnMean(), DenseAlgebra.multiplyTransposed(w, matrix(mean, 1)), 1e-3);
  }

  private static Matrix matrix(float[] values, int rows) {
    return Matrix.of(rows, COLUMNS, values);
  }
}
