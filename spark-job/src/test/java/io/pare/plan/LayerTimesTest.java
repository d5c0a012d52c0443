package io.pare.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.candidate.Family;
import io.pare.model.Layer;
import io.pare.model.inference.LayerTimer;
import io.pare.model.inference.Repeats;
import io.pare.model.quantization.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Times of a real layer in ONNX Runtime; what they are is the machine's affair. */
class LayerTimesTest {
  private static final PlannedNetwork NETWORK = PlannedNetwork.chain();
  private static final Layer WIDE = NETWORK.layer("wide");
  private static final LayerCandidate LOW = NETWORK.rank("wide", 0.5, 2);
  private static final LayerCandidate BETWEEN = NETWORK.rank("wide", 0.3, 4);
  private static final LayerCandidate HIGH = NETWORK.rank("wide", 0.1, 8);
  private static final LayerCandidate HIGHER = NETWORK.rank("wide", 0.1, 9);
  private static final LayerCandidate DROPPING = NETWORK.channels("wide", 0.1, 6);

  private final LayerTimer timer = new LayerTimer(1, 1, Precision.FP32, new Repeats(1, 3));

  private LayerTimes measured(List<LayerCandidate> ranks, List<LayerCandidate> others) {
    return LayerTimes.measured(List.of(options(ranks), options(others)), timer::medianMilliseconds);
  }

  private static LayerOptions options(List<LayerCandidate> measured) {
    List<LayerCandidate> all = new ArrayList<>(measured);
    all.add(LayerCandidate.keep(WIDE));
    return new LayerOptions(WIDE, measured, all, Map.of());
  }

  @Test
  void timesBetweenTwoMeasuredOnesOfAFormLieOnTheLineThroughThem() {
    LayerTimes times = measured(List.of(LOW, HIGH), List.of());

    double low = times.nanoseconds(WIDE, LOW);
    double high = times.nanoseconds(WIDE, HIGH);
    assertThat(low).isEqualTo(1e6 * timed(LOW)).isPositive();
    assertThat(high).isEqualTo(1e6 * timed(HIGH)).isPositive();
    assertThat(times.nanoseconds(WIDE, BETWEEN))
        .as("a third of the way in multiply-accumulates")
        .isCloseTo(low + (high - low) / 3, within(1.0));
  }

  @Test
  void timesBeyondTheMeasuredOnesAreInProportion() {
    LayerTimes times = measured(List.of(LOW, HIGH), List.of());

    assertThat(times.nanoseconds(WIDE, HIGHER))
        .isCloseTo(times.nanoseconds(WIDE, HIGH) * 9 / 8, within(1.0));
  }

  @Test
  void whatTwoMethodsHaveOfOneLayerIsKnownTogether() {
    LayerTimes times = measured(List.of(LOW), List.of(DROPPING));

    assertThat(times.nanoseconds(WIDE, LOW)).isEqualTo(1e6 * timed(LOW));
    assertThat(times.nanoseconds(WIDE, DROPPING)).isEqualTo(1e6 * timed(DROPPING));
  }

  @Test
  void theFasterOnesAreThoseOfLessTimeAndTheLayerItself() {
    LayerTimes times = measured(List.of(LOW, HIGH), List.of());
    LayerCandidate keep = LayerCandidate.keep(WIDE);
    double asItIs = times.nanoseconds(WIDE, keep);

    List<LayerCandidate> faster = times.faster(WIDE, List.of(keep, LOW, BETWEEN, HIGH));

    assertThat(faster).first().isEqualTo(keep);
    assertThat(List.of(LOW, BETWEEN, HIGH))
        .allSatisfy(
            c -> assertThat(faster.contains(c)).isEqualTo(times.nanoseconds(WIDE, c) < asItIs));
  }

  @Test
  void aLayerThatWasNotMeasuredHasNoTime() {
    LayerTimes times = measured(List.of(LOW), List.of());

    assertThat(times.nanoseconds(NETWORK.layer("first"), NETWORK.rank("first", 0.1, 2))).isZero();
    assertThat(LOW.family()).hasValue(Family.LOW_RANK_CHANNEL);
  }

  private double timed(LayerCandidate candidate) {
    return timer.medianMilliseconds(WIDE, candidate.structures()).get(0);
  }
}
