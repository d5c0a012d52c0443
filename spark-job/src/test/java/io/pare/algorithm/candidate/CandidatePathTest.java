package io.pare.algorithm.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.structure.Candidate;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CandidatePathTest {
  private static final LayerShape CLASSIFIER = new LayerShape(10, 512, 1, 1);

  @Test
  void errorsAreLinearBetweenTheMeasuredSteps() {
    List<Double> errors = errors(Map.of(2, 0.5, 6, 0.1));
    double[] expected = {0.5, 0.4, 0.3, 0.2, 0.1};
    assertThat(errors).hasSize(expected.length);
    for (int k = 0; k < expected.length; k++) {
      assertThat(errors.get(k)).isCloseTo(expected[k], within(1e-12));
    }
  }

  @Test
  void theRankInFrontOfAnExactOneIsNotPromisedToBeExactToo() {
    List<Double> errors = errors(Map.of(7, 0.04, 9, 1e-9));
    assertThat(errors.get(1)).isCloseTo(0.02, within(1e-6));
  }

  @Test
  void anErrorThatRisesWithTheStepIsTakenForTheOneBefore() {
    assertThat(errors(Map.of(1, 0.3, 2, 0.2, 3, 0.25))).containsExactly(0.3, 0.2, 0.2);
  }

  @Test
  void shortPathsAreSolvedAtEveryStep() {
    assertThat(Form.CHANNEL.steps(CLASSIFIER)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  private static List<Double> errors(Map<Integer, Double> measured) {
    return new CandidatePath(Form.CHANNEL, CLASSIFIER, measured)
        .everyStep().stream().map(Candidate::error).toList();
  }
}
