package io.pare.algorithm.candidate;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.Geometry;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import io.pare.testing.Matrices;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which structures a layer may take, and under which names. */
class FamilyTest {
  private static final Search AMPLE = new Search(new AdmmBudget(1e15, 1e15), 1);
  private static final List<LayerShape> SHAPES =
      List.of(new LayerShape(8, 12, 1, 1), new LayerShape(8, 6, 3, 3), new LayerShape(6, 5, 3, 1));

  @ParameterizedTest
  @EnumSource(Family.class)
  void aFamilyIsFoundByTheNameThatOptionsGive(Family family) {
    assertThat(Family.ofOption(family.option())).isEqualTo(family);
    assertThat(family.option()).matches("[a-z]+(-[a-z]+)*");
    assertThat(Family.options().split(", ")).contains(family.option());
  }

  @ParameterizedTest
  @CsvSource({
    "channel, low-rank-channel",
    "spatial, low-rank-spatial",
    "channels, kept-inputs",
    "spatial-channels, spatial-kept-inputs",
    "admm-channels, admm-kept-inputs",
    "admm-filters, admm-kept-filters"
  })
  void aNameThatIsNoLongerUsedIsAnsweredWithTheOneThatIs(String old, String name) {
    assertThatThrownBy(() -> Family.ofOption(old))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
    assertThat(Family.ofOption(name).option()).isEqualTo(name);
  }

  @Test
  void anUnknownNameIsAnsweredWithAllNames() {
    assertThatThrownBy(() -> Family.ofOption("wavelet")).hasMessageContaining(Family.options());
    assertThatThrownBy(() -> Family.ofOption("TUCKER")).hasMessageContaining("tucker");
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void everyProposalIsOtherThanTheRestAndCostsLessThanTheLayer(Family family) {
    for (LayerShape shape : SHAPES) {
      if (family.applies(shape, 1)) {
        List<Structure.Sum> proposed =
            family.proposals(regression(shape), AMPLE).stream()
                .map(proposal -> proposal.structure())
                .toList();
        // Sums of the ADMM are told apart by their step, and may be missing at all of them.
        if (!family.option().startsWith("admm")) {
          assertThat(proposed).as("%s of %s", family, shape).isNotEmpty().doesNotHaveDuplicates();
        }
        assertThat(proposed)
            .allSatisfy(
                structure ->
                    assertThat(structure.cost(shape, Geometry.UNKNOWN).weights())
                        .isLessThan(shape.weights()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void noProposalIsSmallerThanTheSmallestThatShapesTell(Family family) {
    for (LayerShape shape : SHAPES) {
      if (family.applies(shape, 1)) {
        long least =
            SmallestStructures.of(family, shape, 1).stream()
                .mapToLong(structure -> structure.cost(shape, Geometry.UNKNOWN).weights())
                .min()
                .orElseThrow();
        assertThat(family.proposals(regression(shape), AMPLE))
            .allSatisfy(
                proposal ->
                    assertThat(proposal.structure().cost(shape, Geometry.UNKNOWN).weights())
                        .isGreaterThanOrEqualTo(least));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void aLayerOfOneWeightCanTakeNothingElse(Family family) {
    assertThat(family.applies(new LayerShape(1, 1, 1, 1), 1)).isFalse();
  }

  @Test
  void greedySumsAreLeftOutWhereGroupsWouldHaveToAgree() {
    LayerShape pointwise = SHAPES.get(0);
    LayerShape square = SHAPES.get(1);
    assertThat(Family.SPATIAL_KEPT_INPUTS.applies(square, 1)).isTrue();
    assertThat(Family.SPATIAL_KEPT_INPUTS.applies(square, 2)).isFalse();
    assertThat(Family.ADMM_KEPT_INPUTS.applies(pointwise, 1)).isTrue();
    assertThat(Family.ADMM_KEPT_INPUTS.applies(pointwise, 2)).isTrue();
    assertThat(Family.ADMM_KEPT_INPUTS.applies(square, 2)).isTrue();
    assertThat(Family.LOW_RANK_CHANNEL.applies(pointwise, 2)).isTrue();
    assertThat(Family.KEPT_INPUTS.applies(pointwise, 2)).isTrue();
  }

  @Test
  void whyAFamilyDoesNotSuitALayerIsSaid() {
    LayerShape wide = new LayerShape(8, 4609, 3, 3);
    assertThat(Family.TUCKER.obstacle(new LayerShape(8, 8, 1, 1), 1))
        .hasValue("its kernel has a single position");
    assertThat(Family.CHAIN.obstacle(new LayerShape(8, 8, 3, 1), 1))
        .hasValue("its kernel has a single row or column");
    assertThat(Family.SPATIAL_KEPT_INPUTS.obstacle(wide, 1))
        .hasValue("it has more than 4,608 weights a filter");
    assertThat(Family.LOW_RANK_CHANNEL.obstacle(new LayerShape(2, 2, 1, 1), 1))
        .hasValue("every rank has as many weights as the layer");
  }

  @Test
  void baselinesAreWhatTheirNamesSay() {
    assertThat(Mode.FULL.families()).containsExactlyInAnyOrder(Family.values());
    assertThat(Mode.FULL.fitting()).isEqualTo(Fitting.ACTIVATION);
    assertThat(Mode.PRUNE.families()).containsExactly(Family.KEPT_INPUTS);
    assertThat(Mode.SVD.fitting()).isEqualTo(Fitting.WEIGHTS);
    assertThat(Mode.WHITENED.fitting()).isEqualTo(Fitting.LINEAR);
    assertThat(Mode.LOW_RANK_RELU.families()).isEqualTo(Mode.WHITENED.families());
    Set<Family> lowRank = Mode.WHITENED.families();
    assertThat(lowRank).allMatch(family -> family.form().isPresent()).hasSize(4);
    assertThat(lowRank).containsAll(Mode.SVD.families());
    assertThatThrownBy(() -> lowRank.clear()).isInstanceOf(UnsupportedOperationException.class);
  }

  private static Regression regression(LayerShape shape) {
    int d = shape.columns();
    Samples x = Matrices.correlated(40 * d, d, 1);
    Moments.Accumulator accumulator = new Moments.Accumulator(d, shape.outputs());
    Matrix weights = normal(shape.outputs(), d, 2);
    accumulator.add(x, x.transformed(weights, new double[shape.outputs()]));
    return Regression.of(shape, weights, accumulator.moments(), 1e-3);
  }
}
