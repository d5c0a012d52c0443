package io.pare.algorithm.admm;

import static io.pare.algorithm.admm.SmallProblems.POINTWISE;
import static io.pare.algorithm.admm.SmallProblems.SPATIAL;
import static io.pare.algorithm.admm.SmallProblems.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Support;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Groups and rearrangements of a matrix, entry by entry. */
class GroupsTest {

  @Property(tries = 60, seed = "1")
  void normsAndScalesAreThoseOfTheEntriesOfEachGroup(
      @ForAll Groups groups,
      @ForAll @IntRange(min = 1, max = 5) int outputs,
      @ForAll @IntRange(min = 1, max = 5) int inputs,
      @ForAll @IntRange(min = 1, max = 3) int height,
      @ForAll @IntRange(min = 1, max = 3) int width,
      @ForAll long seed) {
    LayerShape shape = new LayerShape(outputs, inputs, height, width);
    Matrix matrix = normal(outputs, shape.columns(), seed);
    double[] squares = new double[groups.count(shape)];
    double[] factors = normal(1, squares.length, seed + 1).values();
    int[] sizes = new int[squares.length];
    Matrix scaled = groups.scaled(matrix, shape, factors);
    for (int o = 0; o < outputs; o++) {
      for (int j = 0; j < shape.columns(); j++) {
        int group = groups == Groups.FILTERS ? o : j / (height * width);
        squares[group] += matrix.at(o, j) * matrix.at(o, j);
        sizes[group]++;
        assertThat(scaled.at(o, j)).isEqualTo(matrix.at(o, j) * factors[group]);
      }
    }
    double[] norms = Arrays.stream(squares).map(Math::sqrt).toArray();
    assertThat(groups.norms(matrix, shape)).containsExactly(norms, within(1e-12));
    assertThat(sizes).containsOnly(groups.size(shape));
    double weight = Math.sqrt(sizes[0]);
    assertThat(SmallProblems.norm(groups, shape, matrix))
        .isCloseTo(weight * Arrays.stream(norms).sum(), within(1e-9));
  }

  @Test
  void theSupportOfAMatrixIsItsGroupsThatAreNotZero() {
    Matrix matrix = Matrix.zeros(5, 24);
    matrix.set(4, 7, 1e-100);
    matrix.set(2, 18, -2);
    assertThat(Groups.FILTERS.support(matrix, SPATIAL))
        .isEqualTo(new Support(Support.Kind.FILTERS, new int[] {2, 4}));
    assertThat(Groups.CHANNELS.support(matrix, SPATIAL))
        .isEqualTo(new Support(Support.Kind.INPUTS, new int[] {1, 3}));
    assertThat(Groups.of(Support.Kind.INPUTS)).isEqualTo(Groups.CHANNELS);
    assertThat(Groups.of(Support.Kind.FILTERS)).isEqualTo(Groups.FILTERS);
  }

  @Property(tries = 60, seed = "2")
  void foldingUndoesUnfoldingAndLosesNoEntry(
      @ForAll Matricisation matricisation,
      @ForAll @IntRange(min = 1, max = 5) int outputs,
      @ForAll @IntRange(min = 1, max = 5) int inputs,
      @ForAll @IntRange(min = 1, max = 3) int height,
      @ForAll @IntRange(min = 1, max = 3) int width,
      @ForAll long seed) {
    LayerShape shape = new LayerShape(outputs, inputs, height, width);
    Matrix matrix = normal(outputs, shape.columns(), seed);
    Matrix unfolded = matricisation.unfold(matrix, shape);
    assertThat(matricisation.fold(unfolded, shape)).isEqualTo(matrix);
    assertThat(matricisation.unfold(matricisation.fold(unfolded, shape), shape))
        .isEqualTo(unfolded);
    assertThat(sorted(unfolded)).isEqualTo(sorted(matrix));
    double[] singular = SmallProblems.singularValues(matricisation, shape, matrix);
    assertThat(singular).hasSize(matricisation.largestRank(shape));
    assertThat(Arrays.stream(singular).map(value -> value * value).sum())
        .isCloseTo(DenseAlgebra.inner(matrix, matrix), within(1e-9));
  }

  @Property(tries = 40, seed = "3")
  void theLargestRankOfOneGroupIsThatOfARandomMatrixOnIt(
      @ForAll Matricisation matricisation, @ForAll Groups groups, @ForAll long seed) {
    for (LayerShape shape : List.of(POINTWISE, SPATIAL, new LayerShape(2, 3, 3, 3))) {
      double[] factors = new double[groups.count(shape)];
      factors[(int) Math.floorMod(seed, (long) factors.length)] = 1;
      Matrix dense = normal(shape.outputs(), shape.columns(), seed);
      Matrix one = matricisation.unfold(groups.scaled(dense, shape, factors), shape);
      double[] energies = Eigen.of(DenseAlgebra.multiplyTransposed(one, one)).values();
      long rank = Arrays.stream(energies).filter(value -> value > 1e-9 * energies[0]).count();
      assertThat(matricisation.largestGroupRank(groups, shape)).isEqualTo((int) rank);
    }
  }

  @Test
  void aRankOfARearrangementIsARankOfItsForm() {
    assertThat(Matricisation.CHANNEL.lowRank(3, new LayerShape(4, 5, 3, 3)))
        .isEqualTo(new LowRank(Form.CHANNEL, 3));
    assertThat(Matricisation.SPATIAL.lowRank(3, new LayerShape(4, 5, 3, 3)))
        .isEqualTo(new LowRank(Form.SPATIAL, 3));
    assertThat(Matricisation.SPATIAL.lowRank(0, new LayerShape(4, 5, 3, 3)))
        .isEqualTo(LowRank.NONE);
  }

  private static double[] sorted(Matrix matrix) {
    return Arrays.stream(matrix.values()).sorted().toArray();
  }
}
