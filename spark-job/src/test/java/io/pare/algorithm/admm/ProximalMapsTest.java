package io.pare.algorithm.admm;

import static io.pare.algorithm.admm.SmallProblems.POINTWISE;
import static io.pare.algorithm.admm.SmallProblems.SPATIAL;
import static io.pare.algorithm.admm.SmallProblems.distance;
import static io.pare.algorithm.admm.SmallProblems.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ProximalMapsTest {
  private static final List<Block> PENALTIES =
      List.of(
          new GroupPenalty(Groups.CHANNELS, SPATIAL, 0.8),
          new GroupPenalty(Groups.FILTERS, SPATIAL, 0.4),
          SmallProblems.nuclear(Matricisation.CHANNEL, SPATIAL, 5),
          SmallProblems.nuclear(Matricisation.SPATIAL, SPATIAL, 5));

  @Test
  void channelsAreShortenedByTheirThresholdOrRemoved() {
    Matrix point = Matrix.zeros(5, 24);
    point.set(0, 6, 3);
    point.set(4, 11, 4);
    point.set(2, 0, 0.9);
    double lambda = 2 / Math.sqrt(30);
    Block.Update update = new GroupPenalty(Groups.CHANNELS, SPATIAL, lambda).nearest(point, 2);
    assertThat(update.image().at(0, 6)).isCloseTo(3 * 0.8, within(1e-12));
    assertThat(update.image().at(4, 11)).isCloseTo(4 * 0.8, within(1e-12));
    assertThat(update.image().at(2, 0)).isZero();
    assertThat(update.active()).isEqualTo(1);
    assertThat(update.value()).isCloseTo(2 * 4, within(1e-12));
  }

  @Test
  void filtersAreShortenedByTheirThresholdOrRemoved() {
    Matrix point = Matrix.zeros(5, 24);
    point.set(1, 0, 6);
    point.set(1, 23, 8);
    point.set(3, 5, 4.9);
    double lambda = 5 / Math.sqrt(24);
    Block.Update update = new GroupPenalty(Groups.FILTERS, SPATIAL, lambda).nearest(point, 1);
    assertThat(update.image().at(1, 0)).isCloseTo(3, within(1e-12));
    assertThat(update.image().at(1, 23)).isCloseTo(4, within(1e-12));
    assertThat(update.image().at(3, 5)).isZero();
    assertThat(update.active()).isEqualTo(1);
  }

  @Test
  void singularValuesAreLoweredByTheThresholdOrRemoved() {
    Matrix left = Eigen.of(symmetric(6, 1)).vectors();
    Matrix right = Eigen.of(symmetric(9, 2)).vectors();
    Matrix point = compose(left, new double[] {9, 5, 4, 2, 1, 0.1}, right);
    Block.Update update =
        SmallProblems.nuclear(Matricisation.CHANNEL, POINTWISE, 6).nearest(point, 2);
    Matrix expected = compose(left, new double[] {6, 2, 1, 0, 0, 0}, right);
    assertThat(distance(update.image(), expected)).isLessThan(1e-12);
    assertThat(update.active()).isEqualTo(3);
    assertThat(update.value()).isCloseTo(6 * 9, within(1e-9));
  }

  @Test
  void theSpatialMatricisationGroupsInputRowsAgainstOutputColumns() {
    Matrix b = normal(5, 24, 3);
    Matrix unfolded = Matricisation.SPATIAL.unfold(b, SPATIAL);
    assertThat(unfolded.rows()).isEqualTo(4 * 3);
    assertThat(unfolded.columns()).isEqualTo(5 * 2);
    int channel = 2;
    int row = 1;
    int filter = 3;
    int column = 1;
    assertThat(unfolded.at(channel * 3 + row, filter * 2 + column))
        .isEqualTo(b.at(filter, (channel * 3 + row) * 2 + column));
    assertThat(Matricisation.SPATIAL.fold(unfolded, SPATIAL)).isEqualTo(b);
  }

  @Property(tries = 40, seed = "1")
  void noOtherPointIsBetterThanTheProximalOne(
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed,
      @ForAll @DoubleRange(min = 0.3, max = 20) double penalty) {
    Matrix point = normal(5, 24, seed);
    for (Block block : PENALTIES) {
      Block.Update best = block.nearest(point, penalty);
      double least = best.value() + penalty / 2 * square(best.image(), point);
      Matrix other = DenseAlgebra.combine(best.image(), normal(5, 24, seed + 1), 0.01);
      // f at another point, from f of its own proximal map at a threshold of almost zero.
      double value = block.nearest(other, 1e9).value();
      assertThat(least).isLessThanOrEqualTo(value + penalty / 2 * square(other, point) + 1e-6);
    }
  }

  @Property(tries = 40, seed = "2")
  void proximalMapsNeverSpreadTwoPoints(
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed,
      @ForAll @DoubleRange(min = 0.3, max = 20) double penalty) {
    Matrix first = normal(5, 24, seed);
    Matrix second = DenseAlgebra.combine(first, normal(5, 24, seed + 1), 0.3);
    for (Block block : PENALTIES) {
      Matrix imageOfFirst = block.nearest(first, penalty).image();
      Matrix imageOfSecond = block.nearest(second, penalty).image();
      assertThat(distance(imageOfFirst, imageOfSecond))
          .isLessThanOrEqualTo(distance(first, second) * (1 + 1e-9));
    }
  }

  private static double square(Matrix a, Matrix b) {
    double distance = distance(a, b);
    return distance * distance;
  }

  private static Matrix symmetric(int size, long seed) {
    Matrix matrix = normal(size, size, seed);
    return DenseAlgebra.multiplyTransposed(matrix, matrix);
  }

  private static Matrix compose(Matrix left, double[] singular, Matrix right) {
    Matrix result = Matrix.zeros(left.rows(), right.rows());
    for (int k = 0; k < singular.length; k++) {
      for (int i = 0; i < left.rows(); i++) {
        for (int j = 0; j < right.rows(); j++) {
          result.set(i, j, result.at(i, j) + left.at(k, i) * singular[k] * right.at(k, j));
        }
      }
    }
    return result;
  }
}
