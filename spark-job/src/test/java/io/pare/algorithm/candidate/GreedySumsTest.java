package io.pare.algorithm.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.fit.GramFits;
import io.pare.algorithm.statistics.FitSpace;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.Geometry;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Of a layer that is a low rank and one channel, the sum finds both. */
class GreedySumsTest {
  private static final LayerShape SHAPE = new LayerShape(24, 16, 3, 3);
  private static final int LOUD = 5;
  private static final int RANK = 4;

  @Test
  void theChannelThatNoLowRankReachesIsTheOneProposed() {
    List<Proposal> proposals =
        GreedySums.SPATIAL.proposals(solver().regression().orElseThrow(), false);

    // At the smallest budget the ranks that are left do not reach it.
    Proposal smallest =
        proposals.stream()
            .filter(proposal -> proposal.structure().support().indices().length == 1)
            .reduce((first, second) -> second)
            .orElseThrow();
    assertThat(smallest.structure().support().indices()).containsExactly(LOUD);
  }

  @Test
  void inputsThatNoLowRankReachesAreProposedBesideTheChannelForm() {
    LayerShape shape = new LayerShape(24, 64, 1, 1);
    Random random = new Random(4);
    Matrix weights = normal(24, 64, random);
    int[] loud = {5, 17, 33, 60};
    for (int column : loud) {
      for (int o = 0; o < 24; o++) {
        weights.set(o, column, 1e4 * random.nextGaussian());
      }
    }
    List<Structure.Sum> sums =
        GreedySums.CHANNEL
            .proposals(Regression.ofWeights(shape, weights, new double[24]), false)
            .stream()
            .map(Proposal::structure)
            .toList();

    // At the smallest budget the ranks that are left are fewer than these columns.
    Structure.Sum smallest = sums.get(sums.size() - 1);
    assertThat(smallest.support().indices()).containsExactly(loud);
    assertThat(sums).allMatch(sum -> sum.lowRank().form() == Form.CHANNEL);
  }

  @Test
  void everySumStandsBesideTheFormAloneAtNoFewerWeights() {
    for (boolean wide : new boolean[] {false, true}) {
      long alone = 0;
      for (Proposal proposal :
          GreedySums.SPATIAL.proposals(solver().regression().orElseThrow(), wide)) {
        Structure.Sum structure = proposal.structure();
        long weights = structure.cost(SHAPE, Geometry.UNKNOWN).weights();
        assertThat(weights).isLessThan(SHAPE.weights());
        if (structure.support().isEmpty()) {
          alone = weights;
        }
        assertThat(weights)
            .as(structure.label())
            .isLessThanOrEqualTo(alone + SHAPE.inputChannels() * 3L + SHAPE.outputs() * 3L);
        assertThat(structure.lowRank().form()).isEqualTo(Form.SPATIAL);
      }
      assertThat(alone).isPositive();
    }
  }

  /** Noise-free moments of white inputs: what is fitted is the kernel itself. */
  private static GramFits solver() {
    Random random = new Random(9);
    Matrix vertical = normal(RANK, SHAPE.inputChannels() * 3, random);
    Matrix horizontal = normal(SHAPE.outputs(), RANK * 3, random);
    Matrix kernel = Component.Factors.of(Form.SPATIAL, vertical, horizontal).matrix(SHAPE);
    for (int o = 0; o < SHAPE.outputs(); o++) {
      for (int t = 0; t < 9; t++) {
        int column = LOUD * 9 + t;
        kernel.set(o, column, kernel.at(o, column) + 5 * random.nextGaussian());
      }
    }
    return GramFits.ofWeights(
        new LayerProblem(
            "layer",
            SHAPE,
            kernel.floats(),
            new double[SHAPE.outputs()],
            Clamp.IDENTITY,
            1e-3,
            FitSpace.COLUMNS),
        Collections::emptyIterator);
  }

  private static Matrix normal(int rows, int columns, Random random) {
    Matrix matrix = Matrix.zeros(rows, columns);
    for (int k = 0; k < matrix.values().length; k++) {
      matrix.values()[k] = random.nextGaussian();
    }
    return matrix;
  }
}
