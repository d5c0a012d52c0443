package io.pare.algorithm.admm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the method stops, what it tells, and what it refuses. */
class ResidualsTest {
  private static final Residuals.Tolerance TOLERANCE = new Residuals.Tolerance(0.5, 0.25, 0.1);

  @Test
  void theDistanceIsTheWorseOfBothResidualsInUnitsOfItsTolerance() {
    // Tolerances: 0.5 + 0.1 * 5 = 1 and 0.25 + 0.1 * 7.5 = 1.
    assertThat(new Residuals(3, 2, 5, 7.5).distance(TOLERANCE)).isCloseTo(3, within(1e-12));
    assertThat(new Residuals(0.5, 2, 5, 7.5).distance(TOLERANCE)).isCloseTo(2, within(1e-12));
    assertThat(new Residuals(1, 1, 5, 7.5).distance(TOLERANCE)).isCloseTo(1, within(1e-12));
  }

  @Test
  void nothingLeftIsNoDistanceWhateverTheScales() {
    Residuals none = new Residuals(0, 0, 0, 0);
    assertThat(none.distance(new Residuals.Tolerance(0, 0, 0))).isZero();
    assertThat(none.relativePrimal()).isZero();
    assertThat(none.relativeDual()).isZero();
  }

  @Test
  void relativeResidualsAreShares() {
    Residuals residuals = new Residuals(3, 2, 6, 8);
    assertThat(residuals.relativePrimal()).isEqualTo(0.5);
    assertThat(residuals.relativeDual()).isEqualTo(0.25);
    assertThat(new Residuals(1, 2, 1, 0).relativeDual()).isGreaterThan(1e300);
  }

  @Test
  void theNormIsThatOfTheEntries() {
    assertThat(Residuals.norm(new Matrix(2, 2, new double[] {1, 2, 2, 4}))).isEqualTo(5);
    assertThat(Residuals.norm(Matrix.zeros(2, 2))).isZero();
  }

  @Test
  void aTraceKeepsItsIterationsAndItsEnd() {
    Trace.Iteration first = new Trace.Iteration(1, 1, 1, 2, 3, 4, Variant.GAUSS_SEIDEL);
    Trace.Iteration second = new Trace.Iteration(0.5, 0, 0, 2, 3, 4, Variant.GAUSS_SEIDEL);
    List<Trace.Iteration> iterations = new ArrayList<>(List.of(first, second));
    Trace trace = new Trace(iterations, Trace.StopReason.CONVERGED);
    iterations.clear();
    assertThat(trace.last()).isEqualTo(second);
    assertThat(trace.iterations()).containsExactly(first, second);
    assertThat(trace.converged()).isTrue();
    assertThat(new Trace(List.of(first), Trace.StopReason.ITERATION_LIMIT).converged()).isFalse();
  }

  @Test
  void penaltiesThatAreNotAboveZeroOrNotFiniteAreRefused() {
    assertThatThrownBy(() -> new Penalties(0, 1)).hasMessageContaining("must be above 0");
    assertThatThrownBy(() -> new Penalties(1, Double.NaN)).hasMessageContaining("must be above 0");
    assertThatThrownBy(() -> new Penalties(1, Double.POSITIVE_INFINITY))
        .hasMessageContaining("finite");
  }

  @Test
  void settingsThatCannotEndAreRefused() {
    assertThatThrownBy(() -> new AdmmSettings(0, 1e-4, 10, 0, 2)).hasMessageContaining("tolerance");
    assertThatThrownBy(() -> new AdmmSettings(1e-4, 1e-4, 0, 0, 2))
        .hasMessageContaining("iteration limit");
    assertThatThrownBy(() -> new AdmmSettings(1e-4, 1e-4, 10, 0, 1)).hasMessageContaining("stall");
  }
}
