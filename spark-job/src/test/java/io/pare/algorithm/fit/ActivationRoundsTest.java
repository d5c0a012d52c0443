package io.pare.algorithm.fit;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.activation.Activation;
import io.pare.algorithm.activation.ActivationFunction;
import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.statistics.DrawnBlock;
import io.pare.algorithm.statistics.FitSpace;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.testing.Matrices;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  @Test
  void behindAnAdditionTheErrorIsThatOfTheSumAndNoRoundRaisesTheTrueLoss() {
    LayerProblem problem = problem(Clamp.RELU);
    List<PairedBlock> blocks = joined(problem);
    GramFits fits =
        new GramFits(problem, GramFits.moments(problem, blocks.iterator()), blocks::iterator);
    Structure.Sum structure = Structure.of(new LowRank(Form.CHANNEL, 4));

    ActivationRounds.Result result = fits.rivals(structure, Fitting.ACTIVATION).refit();
    ActivationRounds.Result linear = fits.rivals(structure, Fitting.LINEAR).refit();

    assertThat(result.error()).isLessThan(0.97 * linear.error());
    assertThat(result.error())
        .isCloseTo(bruteForce(problem, blocks, result.approximation()), within(1e-6));
    List<ActivationRounds.Round> rounds = result.rounds();
    for (int k = 1; k < rounds.size(); k++) {
      if (Double.isInfinite(rounds.get(k).penalty())) {
        assertThat(rounds.get(k).fitError())
            .isLessThanOrEqualTo(rounds.get(k - 1).fitError() * (1 + 1e-6));
      }
    }
  }

  @Test
  void theLinearFitRepairsWhatTheOtherSummandHasLost() {
    LayerProblem problem = problem(Clamp.RELU);
    List<PairedBlock> joined = joined(problem);
    List<PairedBlock> plain =
        joined.stream()
            .map(
                b ->
                    new PairedBlock(
                        new SampleBlock(b.forLayer(b.outputs().fit()), b.outputs().heldOut()),
                        b.inputs(),
                        Optional.empty()))
            .toList();
    Structure.Sum structure = Structure.of(new LowRank(Form.CHANNEL, 4));
    assertThat(
            new GramFits(problem, GramFits.moments(problem, joined.iterator()), joined::iterator)
                .fit(structure))
        .usingRecursiveComparison()
        .isEqualTo(
            new GramFits(problem, GramFits.moments(problem, plain.iterator()), plain::iterator)
                .fit(structure));
  }

  /** Outputs y + s, and s^ = 0.8 s in the compressed network. */
  private static List<PairedBlock> joined(LayerProblem problem) {
    List<PairedBlock> blocks = new ArrayList<>();
    for (int block = 0; block < 4; block++) {
      SampleBlock inputs =
          new SampleBlock(Matrices.correlated(400, 20, 9), Matrices.correlated(100, 20, 9));
      SampleBlock s =
          new SampleBlock(Matrices.correlated(400, 12, 4), Matrices.correlated(100, 12, 4));
      SampleBlock less = new SampleBlock(scaled(s.fit()), scaled(s.heldOut()));
      SampleBlock outputs =
          new DrawnBlock(inputs, Optional.of(s)).joinedBy(problem.outputs(inputs));
      blocks.add(new PairedBlock(outputs, inputs, Optional.of(less)));
    }
    return blocks;
  }

  private static Samples scaled(Samples samples) {
    float[] values = samples.values().clone();
    for (int k = 0; k < values.length; k++) {
      values[k] *= 0.8f;
    }
    return new Samples(samples.rows(), samples.columns(), values);
  }

  private static double bruteForce(
      LayerProblem problem, List<PairedBlock> blocks, Approximation approximation) {
    double[] m = approximation.matrix(problem.shape()).values();
    double error = 0;
    double energy = 0;
    for (PairedBlock block : blocks) {
      Samples x = block.inputs().heldOut();
      float[] s = block.summand().orElseThrow().heldOut().values();
      for (int i = 0; i < x.rows(); i++) {
        for (int o = 0; o < 12; o++) {
          double v = approximation.bias()[o] + s[i * 12 + o];
          for (int j = 0; j < 20; j++) {
            v += m[o * 20 + j] * x.values()[i * 20 + j];
          }
          double wanted = Math.max(0, block.outputs().heldOut().values()[i * 12 + o]);
          error += Math.pow(wanted - Math.max(0, v), 2);
          energy += wanted * wanted;
        }
      }
    }
    return error / energy;
  }

  private static LayerProblem problem(Activation activation) {
    return new LayerProblem(
        "layer",
        SHAPE,
        normal(12, 20, 3).floats(),
        new double[12],
        activation,
        1e-3,
        FitSpace.COLUMNS);
  }

  private static ActivationRounds.Result refit(Activation activation, Fitting fitting) {
    LayerProblem problem = problem(activation);
    List<PairedBlock> blocks = new ArrayList<>();
    for (int block = 0; block < 4; block++) {
      SampleBlock inputs =
          new SampleBlock(Matrices.correlated(400, 20, 9), Matrices.correlated(100, 20, 9));
      blocks.add(new PairedBlock(problem.outputs(inputs), inputs, Optional.empty()));
    }
    GramFits solver =
        new GramFits(problem, GramFits.moments(problem, blocks.iterator()), blocks::iterator);
    Structure.Sum structure = Structure.of(new LowRank(Form.CHANNEL, 4));
    return solver.rivals(structure, fitting).refit();
  }
}
