package io.pare.stage.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.statistics.FitSpace;
import io.pare.model.Layer;
import io.pare.stage.layers.WideLayers.Place;
import io.pare.stage.layers.WideLayers.Placement;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import org.junit.jupiter.api.Test;

/** Where layers are solved, by their inputs and samples. */
class WideLayersTest {
  private static final double HELD_OUT = 0.2;
  private static final int INPUTS = 4 * 13 * 13;

  private final Layer convolution = layer("conv");
  private final Layer wide = layer("wide");

  private static Layer layer(String name) {
    return Networks.layers(
            Networks.read(
                ModelBuilder.seeded(7)
                    .input("x", -1, 3, 15, 15)
                    .conv("conv", "x", 4, 3, 3)
                    .flatten("flat", "conv")
                    .gemm("wide", "flat", 24, INPUTS)
                    .output("wide", -1, 24)))
        .compressible()
        .stream()
        .filter(layer -> layer.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static void assertPlaced(Placement placement, FitSpace space, Place place) {
    assertThat(placement.space()).isEqualTo(space);
    assertThat(placement.place()).isEqualTo(place);
  }

  @Test
  void aSmallLayerIsSolvedInOneTask() {
    WideLayers rule = new WideLayers(8192, 10240, 1024);

    assertPlaced(rule.of(wide, 60, HELD_OUT), FitSpace.COLUMNS, Place.TASK);
    assertPlaced(rule.of(convolution, 1e6, HELD_OUT), FitSpace.COLUMNS, Place.TASK);
  }

  @Test
  void aWideLayerIsSolvedWhereTheSystemIsSmallEnough() {
    assertPlaced(
        new WideLayers(300, 1000, 1024).of(wide, 5000, HELD_OUT), FitSpace.COLUMNS, Place.MATRICES);
    assertPlaced(
        new WideLayers(300, 600, 1024).of(wide, 600, HELD_OUT), FitSpace.SAMPLES, Place.MATRICES);
    assertPlaced(
        new WideLayers(300, 600, 1024).of(wide, 601, HELD_OUT), FitSpace.STRIPS, Place.MATRICES);
  }

  @Test
  void anyLayerOfMoreSamplesThanATaskHoldsIsGatheredAsAWideOne() {
    WideLayers rule = new WideLayers(8192, 10240, 100);

    Placement placement = rule.of(convolution, 1e6, HELD_OUT);

    assertPlaced(placement, FitSpace.COLUMNS, Place.MATRICES);
    assertThat(placement.reason()).isEqualTo("its samples take 118 MB, and a task holds 100");
    assertPlaced(rule.of(convolution, 8e5, HELD_OUT), FitSpace.COLUMNS, Place.TASK);
  }
}
