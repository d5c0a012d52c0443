package io.pare.stage.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.statistics.Evaluation;
import io.pare.model.Layer;
import io.pare.model.rewrite.Replacement;
import io.pare.stage.images.HeldOut;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.MeasureSensitivityStage;
import io.pare.testing.Networks;
import io.pare.testing.SparkTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** Trials of layers give the same figures however their images are spread over tasks. */
class SensitivityIT {
  private static final int IMAGES = 30;
  private static final HeldOut HELD_OUT = new HeldOut(1, 0.2);

  private final SampledNetwork sampled = new SampledNetwork();

  @Test
  void trialsAreSpreadOverTheCoresAndTheirFiguresStayTheSame() {
    List<Replacement> trials = trials();
    Map<Integer, Evaluation> few = measured(1, trials);
    Map<Integer, Evaluation> many = measured(32, trials);

    assertThat(few.keySet()).hasSize(trials.size());
    assertThat(few.values()).allSatisfy(trial -> assertThat(trial.difference()).isPositive());
    assertThat(many).isEqualTo(few);
  }

  @Test
  void imagesThatNoFitHasSeenComeFirst() {
    List<Replacement> trials = trials();
    try (JavaSparkContext spark = new JavaSparkContext(SparkTest.conf("local[2]", "sensitivity"))) {
      PreparedImages all = sampled.images(spark, 2);
      PreparedImages unseen = all.heldOut(HELD_OUT);
      int count = (int) (HELD_OUT.share() * all.count());

      assertThat(measured(spark, all, count, trials))
          .isEqualTo(measured(spark, unseen, count, trials));
    }
  }

  private List<Replacement> trials() {
    List<Replacement> trials = new ArrayList<>();
    for (Layer layer : sampled.layers.compressible()) {
      for (int seed = 1; seed <= 2; seed++) {
        trials.add(
            new Replacement(layer, Networks.approximations(layer, List.of("channel"), seed)));
      }
    }
    return trials;
  }

  private Map<Integer, Evaluation> measured(int parallelism, List<Replacement> trials) {
    try (JavaSparkContext spark =
        new JavaSparkContext(
            SparkTest.conf("local[2]", "sensitivity")
                .set("spark.default.parallelism", Integer.toString(parallelism)))) {
      return measured(spark, sampled.images(spark, 2), IMAGES, trials);
    }
  }

  private Map<Integer, Evaluation> measured(
      JavaSparkContext spark, PreparedImages images, int count, List<Replacement> trials) {
    Map<Integer, Evaluation> measured = new TreeMap<>();
    try (MeasureSensitivityStage.Original original =
        new MeasureSensitivityStage(spark, sampled.settings.execution())
            .original(sampled.network, sampled.layers.compressible(), images, HELD_OUT, count)) {
      original.run(new MeasureSensitivityStage.Trials(trials, measured::put));
    }
    return measured;
  }
}
