package io.pare.algorithm.fit;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.activation.Activation;
import io.pare.algorithm.activation.ActivationFunction;
import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.statistics.FitSpace;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.testing.Matrices;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ActivationRoundsTest {
  private static final LayerShape SHAPE = new LayerShape(12, 20, 1, 1);

  static Stream<Activation> activations() {
    return Stream.of(Clamp.RELU, new Clamp(0, 6));
  }

  @ParameterizedTest
  @MethodSource("activations")
  void majorisedRoundsNeverRaiseTheTrueLossOnTheSamplesOfTheFit(Activation activation) {
    ActivationRounds.Result result = refit(activation, Fitting.ACTIVATION);

    List<ActivationRounds.Round> rounds = result.rounds();
    assertThat(rounds.stream().filter(r -> Double.isInfinite(r.penalty()))).isNotEmpty();
    for (int k = 1; k < rounds.size(); k++) {
      if (Double.isInfinite(rounds.get(k).penalty())) {
        assertThat(rounds.get(k).fitError())
            .isLessThanOrEqualTo(rounds.get(k - 1).fitError() * (1 + 1e-6));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("activations")
  void theIterateWithTheLeastHeldOutErrorIsKeptAndBeatsTheLinearFit(Activation activation) {
    ActivationRounds.Result result = refit(activation, Fitting.ACTIVATION);

    assertThat(result.error())
        .isEqualTo(
            result.rounds().stream()
                .mapToDouble(ActivationRounds.Round::heldOutError)
                .min()
                .orElseThrow());
    assertThat(result.error()).isLessThan(0.97 * refit(activation, Fitting.LINEAR).error());
  }

  @ParameterizedTest
  @EnumSource(names = {"SILU", "HARD_SWISH", "GELU"})
  void roundsBehindACurveLowerTheHeldOutError(ActivationFunction function) {
    Activation curve = Activation.Curve.of(function);
    assertThat(refit(curve, Fitting.ACTIVATION).error())
        .isLessThan(0.99 * refit(curve, Fitting.LINEAR).error());
  }

  @Test
  void aLinearFitHasOneRound() {
    assertThat(refit(Clamp.RELU, Fitting.LINEAR).rounds()).hasSize(1);
    assertThat(refit(Clamp.IDENTITY, Fitting.ACTIVATION).rounds()).hasSize(1);
  }

  private static ActivationRounds.Result refit(Activation activation, Fitting fitting) {
    LayerProblem problem =
        new LayerProblem(
            "layer",
            SHAPE,
            normal(12, 20, 3).floats(),
            new double[12],
            activation,
            1e-3,
            FitSpace.COLUMNS);
    List<PairedBlock> blocks = new ArrayList<>();
    for (int block = 0; block < 4; block++) {
      SampleBlock inputs =
          new SampleBlock(Matrices.correlated(400, 20, 9), Matrices.correlated(100, 20, 9));
      blocks.add(new PairedBlock(problem.outputs(inputs), inputs));
    }
    GramFits solver =
        new GramFits(problem, GramFits.moments(problem, blocks.iterator()), blocks::iterator);
    Structure.Sum structure = Structure.of(new LowRank(Form.CHANNEL, 4));
    return solver.rivals(structure, fitting).refit();
  }
}
