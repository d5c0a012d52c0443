package io.pare.algorithm.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Prices against what is written, and paths against every step of them. */
class StructurePropertiesTest {
  private static final Geometry GEOMETRY = new Geometry(12, 10, 6, 5);

  @Property(tries = 80, seed = "1")
  void aStructureCostsWhatAnApproximationOfItCosts(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    LayerShape shape = SmallStructures.shape(random);
    for (Structure.Sum sum : SmallStructures.sums(shape, random)) {
      Approximation drawn = RandomApproximation.of(shape, sum, new Random(seed));
      assertThat(sum.cost(shape, GEOMETRY)).as(sum.label()).isEqualTo(drawn.cost(shape, GEOMETRY));
      assertThat(drawn.bias()).hasSize(shape.outputs());
      assertThat(drawn.matrix(shape).columns()).isEqualTo(shape.columns());
      if (!sum.support().hasFilters()) {
        assertThat(sum.cost(shape, GEOMETRY).weights()).isEqualTo(drawn.weights());
      }
    }
  }

  @Property(tries = 80, seed = "2")
  void outputsThatNobodyReadsCostNothing(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    LayerShape shape = SmallStructures.shape(random);
    int[] unread = SmallStructures.some(shape.outputs(), random);
    int[] read = SmallStructures.others(unread, shape.outputs());
    for (Structure.Sum sum : SmallStructures.sums(shape, random)) {
      LayerCost cost = sum.costWithout(unread, shape, GEOMETRY);
      if (read.length == 0) {
        assertThat(cost).isEqualTo(LayerCost.ZERO);
      } else {
        assertThat(cost).as(sum.label()).isEqualTo(written(sum, shape, read, seed));
      }
      assertThat(sum.costWithout(new int[0], shape, GEOMETRY)).isEqualTo(sum.cost(shape, GEOMETRY));
    }
    assertThat(Structure.keep().costWithout(unread, shape, GEOMETRY).weights())
        .isEqualTo((long) read.length * shape.columns());
  }

  /** The cost of what is left when only some outputs are written, component by component. */
  private static LayerCost written(Structure.Sum sum, LayerShape shape, int[] read, long seed) {
    LayerCost cost = LayerCost.ZERO;
    int[] rows = read;
    for (Component part : RandomApproximation.of(shape, sum, new Random(seed)).components()) {
      if (part instanceof Component.KeptFilters filters) {
        int[] kept = filters.filters();
        long left = Arrays.stream(read).filter(r -> Arrays.binarySearch(kept, r) >= 0).count();
        long weights = left * shape.columns();
        cost = cost.plus(new LayerCost(weights, weights * GEOMETRY.outputPositions()));
        rows = Arrays.stream(read).filter(r -> Arrays.binarySearch(kept, r) < 0).toArray();
      }
    }
    for (Component part : RandomApproximation.of(shape, sum, new Random(seed)).components()) {
      if (!(part instanceof Component.KeptFilters) && rows.length > 0) {
        cost = cost.plus(part.outputs(rows).cost(GEOMETRY));
      }
    }
    return cost;
  }

  @Property(tries = 60, seed = "3")
  void stepsOfAPathAreAscendingCheaperThanTheLayerAndDearerOneByOne(
      @ForAll @IntRange(min = 2, max = 90) int outputs,
      @ForAll @IntRange(min = 2, max = 60) int inputs,
      @ForAll @IntRange(min = 1, max = 5) int kernelHeight,
      @ForAll @IntRange(min = 1, max = 5) int kernelWidth) {
    LayerShape shape = new LayerShape(outputs, inputs, kernelHeight, kernelWidth);
    for (Form form : SmallStructures.FORMS) {
      int largest = form.largestStep(shape);
      long before = 0;
      for (int step = 1; step <= largest; step++) {
        long weights = weights(form, shape, step);
        assertThat(weights).as("%s of %s at %s", form, shape, step).isGreaterThan(before);
        before = weights;
      }
      assertThat(before).isLessThan(shape.weights());
      assertThat(weights(form, shape, largest + 1)).isGreaterThanOrEqualTo(shape.weights());
      int[] steps = form.steps(shape);
      assertThat(steps).isSorted().doesNotHaveDuplicates();
      assertThat(Arrays.stream(steps)).allMatch(step -> step >= 1 && step <= largest);
      assertThat(steps.length).isBetween(Math.min(largest, 1), 16);
      if (largest <= 16) {
        assertThat(steps).hasSize(largest);
      }
    }
  }

  private static long weights(Form form, LayerShape shape, int step) {
    return Structure.of(form.at(shape, step)).cost(shape, Geometry.UNKNOWN).weights();
  }

  @Test
  void aWideLayerIsSolvedAtFewerSteps() {
    LayerShape wide = new LayerShape(512, 512, 3, 3);
    LayerShape narrow = new LayerShape(512, 128, 3, 3);
    assertThat(wide.hasCoarsePath()).isTrue();
    assertThat(narrow.hasCoarsePath()).isFalse();
    assertThat(Form.SPATIAL.steps(wide)).hasSizeLessThan(Form.SPATIAL.steps(narrow).length);
  }

  @ParameterizedTest
  @EnumSource(value = Form.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aFormDoesNotApplyWhereItCouldSaveNothing(Form form) {
    assertThat(form.applies(new LayerShape(1, 1, 1, 1))).isFalse();
    assertThat(form.applies(new LayerShape(8, 8, 3, 3))).isTrue();
    assertThat(form.applies(new LayerShape(8, 8, 1, 1))).isEqualTo(form == Form.CHANNEL);
    assertThat(form.applies(new LayerShape(8, 1, 3, 3))).isEqualTo(form != Form.TUCKER);
    assertThat(form.applies(new LayerShape(8, 8, 3, 1)))
        .isEqualTo(form == Form.CHANNEL || form == Form.TUCKER);
  }

  @Test
  void ranksMustFitTheirForm() {
    assertThatThrownBy(() -> new LowRank(Form.CHANNEL, 0)).hasMessage("CHANNEL has no ranks [0]");
    assertThatThrownBy(() -> new LowRank(Form.TUCKER, 3)).hasMessage("TUCKER has no ranks [3]");
    assertThatThrownBy(() -> new LowRank(Form.NONE, 1)).hasMessage("NONE has no ranks [1]");
    assertThat(new LowRank(Form.CHAIN, 3, 2))
        .isEqualTo(new LowRank(Form.CHAIN, 3, 2))
        .hasSameHashCodeAs(new LowRank(Form.CHAIN, 3, 2))
        .isNotEqualTo(new LowRank(Form.CHAIN, 2, 3))
        .isNotEqualTo(new LowRank(Form.TUCKER, 3, 2))
        .hasToString("chain(3,2)");
    assertThat(LowRank.NONE).hasToString("none");
    assertThat(LowRank.NONE.label()).isEmpty();
  }

  @Test
  void aSupportIsAscendingAndFromZeroOn() {
    assertThatThrownBy(() -> new Support(Support.Kind.INPUTS, new int[] {1, 1}))
        .hasMessage("a support is ascending: [1, 1]");
    assertThatThrownBy(() -> new Support(Support.Kind.FILTERS, new int[] {-1, 0}))
        .hasMessageContaining("ascending");
    Support filters = new Support(Support.Kind.FILTERS, new int[] {0, 2, 5});
    assertThat(filters.without(new int[] {1, 2}))
        .isEqualTo(new Support(Support.Kind.FILTERS, new int[] {0, 3}));
    assertThat(filters).isNotEqualTo(new Support(Support.Kind.INPUTS, new int[] {0, 2, 5}));
    assertThat(filters.hasFilters()).isTrue();
    assertThat(filters.hasInputs()).isFalse();
    assertThat(Support.NONE.isEmpty()).isTrue();
    assertThat(Support.NONE.hasInputs()).isFalse();
  }

  @Test
  void structuresTellWhatTheyAre() {
    Structure.Sum sum =
        new Structure.Sum(
            new LowRank(Form.SPATIAL, 94), new Support(Support.Kind.INPUTS, new int[] {1, 2}));
    assertThat(sum.label()).isEqualTo("spatial(94)+inputs(2)");
    assertThat(sum.isMixed()).isTrue();
    assertThat(sum.readsOnlySupport()).isFalse();
    assertThat(Structure.of(sum.support()).readsOnlySupport()).isTrue();
    assertThat(Structure.keep().label()).isEqualTo("keep");
    assertThat(Structure.keep().isKeep()).isTrue();
    assertThatThrownBy(() -> new Structure.Sum(LowRank.NONE, Support.NONE))
        .hasMessageContaining("at least one component");
    assertThatThrownBy(() -> new Candidate(sum, -1)).hasMessageContaining("spatial(94)");
    assertThatThrownBy(() -> new Candidate(sum, Double.NaN)).hasMessageContaining("NaN");
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new LayerShape(1, 0, 1, 1)).hasMessageContaining("1 x 0 x 1 x 1");
    assertThatThrownBy(() -> new LayerCost(-1, 0)).hasMessageContaining("negative cost");
    assertThatThrownBy(() -> new LayerCost(Long.MAX_VALUE, 0).plus(new LayerCost(1, 0)))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> new LayerCost(Long.MAX_VALUE, 0).bytes(2))
        .isInstanceOf(ArithmeticException.class);
    assertThat(GEOMETRY.inputPositions()).isEqualTo(120);
    assertThat(GEOMETRY.outputPositions()).isEqualTo(30);
    assertThat(GEOMETRY.isKnown()).isTrue();
    assertThat(Geometry.UNKNOWN.isKnown()).isFalse();
  }
}
