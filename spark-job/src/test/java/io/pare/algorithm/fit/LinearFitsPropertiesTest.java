package io.pare.algorithm.fit;

import static io.pare.testing.Matrices.assertClose;
import static io.pare.testing.Matrices.definite;
import static io.pare.testing.Matrices.normal;
import static io.pare.testing.Matrices.product;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.Cholesky;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.dense.TapGram;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Closed forms and steps of the linear fits, against slower ways to the same. */
class LinearFitsPropertiesTest {
  private static final LayerShape SHAPE = new LayerShape(5, 4, 2, 3);

  @Property(tries = 12, seed = "1")
  void alternatingFromAnywhereEndsAtTheClosedFormOfTheChannelForm(
      @ForAll @IntRange(min = 1, max = 4) int rank,
      @ForAll @LongRange(min = 0, max = 1000) long seed) {
    Regression regression = regression(seed);
    double closed = error(regression, new ChannelFit(regression).fit(channel(rank)));
    Matrix first = normal(rank, 24, seed + 1);
    double error = Double.POSITIVE_INFINITY;
    for (int turn = 0; turn < 400; turn++) {
      Matrix metric = product(first, regression.gram());
      Matrix energy = product(metric, first.transposed());
      Matrix right = product(regression.cross(), first.transposed());
      Matrix last = new Cholesky(energy).solveRows(right);
      Matrix m = product(last, first);
      assertThat(regression.excessError(m)).isLessThanOrEqualTo(error * (1 + 1e-9));
      error = regression.excessError(m);
      Matrix gram = product(last.transposed(), last);
      Matrix target = product(regression.target().transposed(), last);
      first = new Cholesky(gram).solveRows(target).transposed();
    }
    assertThat(closed).isLessThanOrEqualTo(error * (1 + 1e-9));
    assertThat(error).isLessThan(closed * 1.2);
  }

  @Property(tries = 20, seed = "2")
  void aChannelsGainIsWhatItsBestFitAloneTakesOffTheError(
      @ForAll @LongRange(min = 0, max = 1000) long seed) {
    Regression regression = regression(seed);
    double nothing = regression.excessError(Matrix.zeros(5, 24));
    double[] gains = SupportFit.gains(regression);
    for (int channel = 0; channel < 4; channel++) {
      int[] alone = {channel};
      Component fit = new Component.KeptInputs(alone, SupportFit.channels(regression, alone));
      double left = error(regression, fit);
      assertThat(gains[channel]).isCloseTo(nothing - left, within(1e-8 * nothing)).isPositive();
    }
  }

  @Property(tries = 15, seed = "3")
  void everyGreedyStepDropsTheChannelThatBruteForceWould(
      @ForAll @LongRange(min = 0, max = 1000) long seed) {
    Regression regression = regression(seed);
    GreedySupport greedy = GreedySupport.of(regression);
    int[] left = {0, 1, 2, 3};
    for (int step = 0; step < 3; step++) {
      int[] present = left;
      int best =
          Arrays.stream(present)
              .boxed()
              .min(Comparator.comparing(c -> supportError(regression, without(present, c))))
              .orElseThrow();
      left = without(present, best);
      assertThat(greedy.support(3 - step).indices()).isEqualTo(left);
    }
  }

  @Property(tries = 15, seed = "4")
  void greedyIsExhaustiveWhereInputsAreIndependentAndNeverBelowItElsewhere(
      @ForAll @LongRange(min = 0, max = 1000) long seed) {
    Regression plain = Regression.ofWeights(SHAPE, normal(5, 24, seed), new double[5]);
    Regression correlated = regression(seed);
    for (int size = 1; size < 4; size++) {
      double least = exhaustive(plain, size);
      assertThat(GreedySupport.of(plain).excessError(size)).isCloseTo(least, within(1e-9 * least));
      assertThat(GreedySupport.of(correlated).excessError(size))
          .isGreaterThanOrEqualTo(exhaustive(correlated, size) * (1 - 1e-9));
    }
  }

  @Property(tries = 40, seed = "5")
  void theImageOfTheNormalEquationsIsTheirSumWrittenOut(
      @ForAll @IntRange(min = 1, max = 4) int taps,
      @ForAll @IntRange(min = 1, max = 5) int m,
      @ForAll @IntRange(min = 1, max = 4) int r,
      @ForAll @LongRange(min = 0, max = 1000) long seed) {
    Matrix gram = definite(m * taps, seed);
    Matrix products = definite(taps * r, seed + 1);
    Matrix v = normal(r, m, seed + 2);
    Matrix expected = Matrix.zeros(r, m);
    for (int q = 0; q < r; q++) {
      for (int j = 0; j < m; j++) {
        double sum = 0;
        for (int w = 0; w < taps; w++) {
          for (int x = 0; x < taps; x++) {
            for (int p = 0; p < r; p++) {
              for (int k = 0; k < m; k++) {
                double between = gram.at(k * taps + x, j * taps + w);
                sum += products.at(w * r + q, x * r + p) * v.at(p, k) * between;
              }
            }
          }
        }
        expected.set(q, j, sum);
      }
    }
    try (TapGram tapGram = new TapGram(gram, taps)) {
      double scale = 1 + Math.sqrt(DenseAlgebra.inner(expected, expected));
      assertClose(tapGram.image(products, v), expected, 1e-5 * scale);
    }
  }

  @Property(tries = 40, seed = "6")
  void theFirstRowsOfTheStartExplainAllButTheDroppedEigenvalues(
      @ForAll @IntRange(min = 1, max = 4) int taps,
      @ForAll @IntRange(min = 1, max = 4) int outputs,
      @ForAll @IntRange(min = 2, max = 9) int m,
      @ForAll @LongRange(min = 0, max = 1000) long seed) {
    Matrix mean = definite(m, seed);
    Matrix[] target = new Matrix[taps];
    double total = 0;
    Matrix stacked = Matrix.zeros(taps * outputs, m);
    for (int w = 0; w < taps; w++) {
      target[w] = normal(outputs, m, seed + w);
      int[] places = IntStream.range(w * outputs, (w + 1) * outputs).toArray();
      stacked = DenseAlgebra.combine(stacked, target[w].scatteredRows(places, taps * outputs), 1);
    }
    Matrix weighted = product(stacked, mean);
    double[] energies = Eigen.of(product(weighted, stacked.transposed()).symmetricPart()).values();
    for (double energy : energies) {
      total += energy;
    }

    Matrix basis = TapStart.basis(target, mean, new Cholesky(mean));

    assertThat(basis.rows()).isEqualTo(Math.min(taps * outputs, m));
    double dropped = total;
    for (int rank = 1; rank <= basis.rows(); rank++) {
      dropped -= energies[rank - 1];
      Matrix first = basis.firstRows(rank);
      Matrix right = product(weighted, first.transposed());
      Matrix system = product(product(first, mean), first.transposed());
      Matrix best = new Cholesky(system.symmetricPart()).solveRows(right);
      assertThat(total - DenseAlgebra.inner(right, best)).isCloseTo(dropped, within(1e-7 * total));
    }
  }

  @Property(tries = 10, seed = "7")
  void moreAlternationsAndAnImprovementNeverRaiseTheError(
      @ForAll @IntRange(min = 1, max = 4) int rank,
      @ForAll @LongRange(min = 0, max = 1000) long seed) {
    Regression regression = regression(seed);
    for (LowRank lowRank :
        List.of(
            new LowRank(Form.SPATIAL, rank),
            new LowRank(Form.TUCKER, rank, rank),
            new LowRank(Form.CHAIN, rank, rank))) {
      try (LowRankFit fit = LowRankFit.prepare(lowRank.form(), regression)) {
        double sketched = error(regression, fit.sketch(lowRank));
        Component fitted = fit.fit(lowRank);
        double error = error(regression, fitted);
        assertThat(error).as("%s", lowRank).isLessThanOrEqualTo(sketched * (1 + 1e-9));
        for (int k = 0; k < 3; k++) {
          fitted = fit.improve(fitted);
          double improved = error(regression, fitted);
          assertThat(improved).as("%s", lowRank).isLessThanOrEqualTo(error * (1 + 1e-9));
          error = improved;
        }
      }
    }
  }

  private static Regression regression(long seed) {
    return GreedySupportTest.regression(SHAPE, normal(5, 24, seed + 100), seed);
  }

  private static LowRank channel(int rank) {
    return new LowRank(Form.CHANNEL, rank);
  }

  private static double error(Regression regression, Component component) {
    return regression.excessError(component.matrix(SHAPE));
  }

  private static double supportError(Regression regression, int[] support) {
    return error(
        regression, new Component.KeptInputs(support, SupportFit.channels(regression, support)));
  }

  private static int[] without(int[] channels, int dropped) {
    return Arrays.stream(channels).filter(c -> c != dropped).toArray();
  }

  private static double exhaustive(Regression regression, int size) {
    return IntStream.range(1, 16)
        .filter(mask -> Integer.bitCount(mask) == size)
        .mapToObj(mask -> IntStream.range(0, 4).filter(c -> (mask >> c & 1) == 1).toArray())
        .mapToDouble(support -> supportError(regression, support))
        .min()
        .orElseThrow();
  }
}
