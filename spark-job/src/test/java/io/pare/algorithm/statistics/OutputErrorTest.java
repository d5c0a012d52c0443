package io.pare.algorithm.statistics;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.activation.Activation;
import io.pare.algorithm.activation.Clamp;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OutputErrorTest {
  private static final Activation RELU6 = new Clamp(0, 6);

  @Property(tries = 60, seed = "1")
  void theErrorIsTheSquaredDistanceBehindTheClampRelativeToTheEnergy(
      @ForAll @IntRange(min = 1, max = 9) int first,
      @ForAll @IntRange(min = 0, max = 9) int second,
      @ForAll long seed) {
    OutputError error = new OutputError(RELU6);
    double distance = 0;
    double energy = 0;
    for (int rows : new int[] {first, second}) {
      float[] y = normal(rows, 5, seed + rows).floats();
      float[] z = normal(rows, 5, seed - rows).floats();
      for (int k = 0; k < y.length; k++) {
        y[k] *= 5;
        z[k] *= 5;
        double wanted = Math.min(6, Math.max(0, y[k]));
        double reached = Math.min(6, Math.max(0, z[k]));
        distance += (wanted - reached) * (wanted - reached);
        energy += wanted * wanted;
      }
      error.add(new Samples(rows, 5, y), new Samples(rows, 5, z));
    }
    assertThat(error.relative()).isCloseTo(distance / energy, within(1e-9 * distance / energy));
  }

  @Test
  void outputsThatTheClampMakesEqualHaveNoError() {
    OutputError error = new OutputError(RELU6);
    error.add(new Samples(1, 2, new float[] {-1, 7}), new Samples(1, 2, new float[] {-9, 60}));
    assertThat(error.relative()).isZero();
    assertThat(new OutputError(RELU6).relative()).isZero();
  }

  @Test
  void anErrorOfNothingIsLargeAndOneThatIsNotFiniteIsRefused() {
    OutputError ofNothing = new OutputError(Clamp.RELU);
    ofNothing.add(new Samples(1, 1, new float[] {-1}), new Samples(1, 1, new float[] {1}));
    assertThat(ofNothing.relative()).isGreaterThan(1e100);
    OutputError poisoned = new OutputError(Clamp.IDENTITY);
    poisoned.add(new Samples(1, 1, new float[] {1}), new Samples(1, 1, new float[] {Float.NaN}));
    assertThatThrownBy(poisoned::relative).hasMessageContaining("not finite");
  }
}
