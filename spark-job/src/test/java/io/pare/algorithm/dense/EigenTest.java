package io.pare.algorithm.dense;

import static io.pare.testing.Matrices.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.testing.Matrices;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EigenTest {
  private static final int ORDER = 60;

  @Test
  void eigenvectorsRebuildTheMatrixInDescendingOrder() {
    Matrix symmetric = ofRank(ORDER);
    Eigen eigen = Eigen.of(symmetric);
    assertClose(rebuilt(eigen), symmetric, 1e-9);
    assertThat(eigen.values()).isSortedAccordingTo((l, r) -> Double.compare(r, l));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 17, 59, 60})
  void leadingPairsAreTheFirstOfAll(int count) {
    Matrix symmetric = ofRank(ORDER);
    Eigen all = Eigen.of(symmetric);
    Eigen leading = Eigen.leading(symmetric, count);
    Eigen first = new Eigen(Arrays.copyOf(all.values(), count), all.vectors().firstRows(count));
    assertClose(rebuilt(leading), rebuilt(first), 1e-9);
    assertOrthonormal(leading.vectors());
  }

  @Test
  void manyEqualEigenvaluesHaveOrthogonalVectors() {
    Matrix symmetric = ofRank(20);
    for (int k = 0; k < ORDER; k++) {
      symmetric.set(k, k, symmetric.at(k, k) + 1);
    }
    Eigen leading = Eigen.leading(symmetric, 45);
    assertOrthonormal(leading.vectors());
    assertThat(Arrays.stream(leading.values(), 20, 45))
        .allSatisfy(value -> assertThat(value).isBetween(1 - 1e-12, 1 + 1e-12));
  }

  @Test
  void moreThanThereAreGivesAllAndNoneGivesNone() {
    assertThat(Eigen.leading(ofRank(ORDER), ORDER + 5).values()).hasSize(ORDER);
    assertThat(Eigen.leading(ofRank(ORDER), 0).vectors()).isEqualTo(Matrix.zeros(0, ORDER));
  }

  @Test
  void whatIsNotFiniteIsRefused() {
    Matrix poisoned = ofRank(ORDER);
    poisoned.set(1, 1, Double.NaN);
    assertThatThrownBy(() -> Eigen.of(poisoned)).hasMessageContaining("not finite");
    assertThatThrownBy(() -> Eigen.leading(poisoned, 3)).hasMessageContaining("not finite");
  }

  private static Matrix ofRank(int rank) {
    Matrix a = Matrices.normal(ORDER, rank, 1);
    return DenseAlgebra.multiplyTransposed(a, a);
  }

  private static Matrix rebuilt(Eigen eigen) {
    Matrix scaled = eigen.vectors().copy();
    for (int i = 0; i < scaled.rows(); i++) {
      for (int j = 0; j < scaled.columns(); j++) {
        scaled.set(i, j, scaled.at(i, j) * eigen.values()[i]);
      }
    }
    return DenseAlgebra.transposeMultiply(eigen.vectors(), scaled);
  }

  private static void assertOrthonormal(Matrix rows) {
    Matrix identity = Matrix.zeros(rows.rows(), rows.rows());
    for (int k = 0; k < rows.rows(); k++) {
      identity.set(k, k, 1);
    }
    assertClose(DenseAlgebra.multiplyTransposed(rows, rows), identity, 1e-12);
  }
}
