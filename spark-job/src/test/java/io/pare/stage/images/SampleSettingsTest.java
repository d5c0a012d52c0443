package io.pare.stage.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.model.InputShape;
import io.pare.model.output.NetworkOutputs;
import io.pare.stage.images.PrepareImagesStage.Selection;
import io.pare.stage.layers.LayerGroups;
import io.pare.stage.layers.SampledNetwork;
import io.pare.stage.layers.SamplingSettings;
import io.pare.stage.network.Execution;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which images are used, which of them judge the fits, and how passes are cut into batches. */
class SampleSettingsTest {

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.15, 0.2, 0.3, 1 / 3.0, 0.4, 0.5})
  void theConfiguredShareIsHeldOut(double share) {
    long held = heldOut(share, 1, 3000).length;

    assertThat(held).isBetween((long) Math.floor(3000 * share) - 1, (long) (3000 * share) + 1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.2, 0.3, 0.4, 0.5})
  void theFirstRunHasExactlyOneHeldOutImageSoThatFewImagesSuffice(double share) {
    for (long seed = 0; seed < 20; seed++) {
      assertThat(heldOut(share, seed, (long) Math.ceil(1 / share))).hasSize(1);
    }
  }

  @Test
  void whereTenClassesTakeTurnsEachIsBothFittedAndHeldOut() {
    long[] held = heldOut(0.2, 1, 1000);

    assertThat(LongStream.of(held).map(id -> id % 10).distinct().count()).isEqualTo(10);
    assertThat(held).doesNotHaveDuplicates().hasSize(200);
  }

  @Test
  void anotherSeedHoldsOutOtherImages() {
    assertThat(heldOut(0.2, 1, 1000)).isNotEqualTo(heldOut(0.2, 2, 1000));
  }

  @Test
  void usedImagesAreSpreadEvenlyAndNumberedWithoutGaps() {
    Selection selection = new Selection(4000, 800);
    long[] used = LongStream.range(0, 4000).filter(selection::includes).toArray();

    assertThat(used).hasSize(800);
    assertThat(LongStream.of(used).map(selection::place).toArray())
        .isEqualTo(LongStream.range(0, 800).toArray());
    for (int tenth = 0; tenth < 10; tenth++) {
      long from = tenth * 400L;
      assertThat(LongStream.of(used).filter(id -> id >= from && id < from + 400)).hasSize(80);
    }
  }

  @Test
  void allImagesAreUsedWhereNoneOrMoreAreAskedFor() {
    for (long wanted : List.of(0L, 7L, 8L)) {
      Selection selection = new Selection(7, wanted);
      assertThat(LongStream.range(0, 7).filter(selection::includes)).hasSize(7);
      assertThat(selection.place(5)).isEqualTo(5);
    }
  }

  @Test
  void aFewLayersAreRunInTheBatchesOfAllOfThem() {
    SampledNetwork sampled = new SampledNetwork();
    LayerGroups all = sampled.groups;
    long tensors = 3L * 12 * 12 + 8 * 10 * 10 + 8 * 5 * 5 + 8;

    assertThat(all.valuesPerImage()).isEqualTo(tensors);
    assertThat(all.subset(all.layers().subList(0, 1)).valuesPerImage()).isEqualTo(tensors);
  }

  private static long[] heldOut(double share, long seed, long images) {
    Execution execution =
        new Execution(
            new InputShape(3, 8, 8, InputShape.Layout.NCHW), new NetworkOutputs(List.of()), 16, 1);
    SamplingSettings settings = new SamplingSettings(execution, seed, share);
    return LongStream.range(0, images).filter(settings.heldOutImages()::contains).toArray();
  }
}
