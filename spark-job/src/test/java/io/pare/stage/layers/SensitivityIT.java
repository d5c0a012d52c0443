package io.pare.stage.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.statistics.Evaluation;
import io.pare.model.Layer;
import io.pare.model.rewrite.Replacement;
import io.pare.stage.network.Execution;
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
    Execution execution = sampled.settings.execution();
    Map<Integer, Evaluation> measured = new TreeMap<>();
    try (JavaSparkContext spark =
        new JavaSparkContext(
            SparkTest.conf("local[2]", "sensitivity")
                .set("spark.default.parallelism", Integer.toString(parallelism)))) {
      try (MeasureSensitivityStage.Original original =
          new MeasureSensitivityStage(spark, execution)
              .original(
                  sampled.network,
                  sampled.layers.compressible(),
                  sampled.images(spark, 2),
                  IMAGES)) {
        original.run(new MeasureSensitivityStage.Trials(trials, measured::put));
      }
    }
    return measured;
  }
}
