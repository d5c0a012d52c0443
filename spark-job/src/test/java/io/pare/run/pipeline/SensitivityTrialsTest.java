package io.pare.run.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerCost;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.model.Layer;
import io.pare.plan.LayerCandidate;
import io.pare.plan.LayerOptions;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SensitivityTrialsTest {
  private static final Layer LAYER =
      Networks.layers(
              Networks.read(
                  ModelBuilder.seeded(1)
                      .input("x", -1, 8, 4, 4)
                      .conv("large", "x", 8, 8, 1)
                      .output("large", -1, 8, -1, -1)))
          .named("large")
          .orElseThrow();

  @Test
  void triesTheCandidatesWhoseErrorsLieNearestToAFewSizes() {
    List<LayerCandidate> measured =
        List.of(
            candidate(1, 0.9, 10),
            candidate(2, 0.2, 20),
            candidate(3, 0.04, 30),
            candidate(4, 0.012, 40),
            candidate(5, 0.001, 50));

    assertThat(tried(measured)).containsExactly(0.012, 0.04, 0.2);
  }

  @Test
  void doesNotTryACandidateThatIsTooLargeToBeHeldWithOthers() {
    List<LayerCandidate> measured =
        List.of(candidate(1, 0.3, 1 << 20), candidate(2, 0.01, 100 << 20));

    assertThat(tried(measured)).containsExactly(0.3);
  }

  private static List<Double> tried(List<LayerCandidate> measured) {
    return SensitivityTrials.of(List.of(new LayerOptions(LAYER, measured, measured, Map.of())))
        .trials()
        .stream()
        .map(trial -> trial.candidate().error())
        .toList();
  }

  private static LayerCandidate candidate(int rank, double error, long weights) {
    return new LayerCandidate(
        Optional.of(Family.LOW_RANK_CHANNEL),
        List.of(Structure.of(new LowRank(Form.CHANNEL, rank))),
        new LayerCost(weights, weights),
        error);
  }
}
