package io.pare.stage.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.learning.Adam;
import io.pare.io.image.RgbImage;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import io.pare.model.gradient.DistillationLoss;
import io.pare.model.gradient.GradientNetwork;
import io.pare.model.rewrite.TrainableWeights;
import io.pare.stage.images.PreparedImage;
import io.pare.stage.network.Execution;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import io.pare.testing.SparkTest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The gradient of a batch, by a serial sum and in smaller and smaller passes. */
class GradientStepsIT {
  @RegisterExtension static final SparkTest SPARK = new SparkTest();

  private static final int SIDE = 12;
  private static final long ENDLESS = 1L << 40;
  private final OnnxNetwork original = network(1);
  private final OnnxNetwork learning = network(2);
  private final InputShape input = Networks.image(original);
  private final Execution execution = new Execution(input, Networks.outputs(original), 16, 1);
  private final GradientNetwork gradient =
      GradientNetwork.of(
          learning,
          input,
          TrainableWeights.of(learning, original, List.of()),
          new DistillationLoss(execution.outputs(), 1, List.of()));
  private final WeightLayout layout =
      WeightLayout.of(learning, List.copyOf(gradient.gradients().keySet()));
  private final float[] weights = layout.read(learning);

  private static OnnxNetwork network(long seed) {
    return Networks.read(
        ModelBuilder.seeded(seed)
            .input("x", -1, 3, SIDE, SIDE)
            .conv("a", "x", 6, 3, 3)
            .relu("r", "a")
            .globalAveragePool("mean", "r")
            .flatten("flat", "mean")
            .gemm("dense", "flat", 5, 6)
            .output("dense", -1, 5));
  }

  private static List<PreparedImage> images() {
    Random random = new Random(3);
    return IntStream.range(0, 40)
        .mapToObj(
            id -> {
              byte[] samples = new byte[3 * SIDE * SIDE];
              random.nextBytes(samples);
              return new PreparedImage(id, -1, new RgbImage(SIDE, SIDE, samples));
            })
        .toList();
  }

  private GradientSteps steps(long valuesPerImage) {
    return new GradientSteps(
        SPARK.context(),
        execution,
        new GradientSteps.Networks(original, gradient, valuesPerImage),
        layout,
        images(),
        Preprocessing.parse("torchvision,resize=none,crop=none", SIDE, SIDE));
  }

  private GradientSteps.Step step(long valuesPerImage, int... batch) {
    try (GradientSteps steps = steps(valuesPerImage)) {
      return steps.of(weights, new GradientSteps.Batch(batch, 0, 7));
    }
  }

  @Test
  void imagesThatOnePassCannotHoldAreTakenOneAfterTheOther() {
    int[] batch = IntStream.range(0, 40).toArray();

    GradientSteps.Step whole = step(1, batch);
    GradientSteps.Step single = step(ENDLESS, batch);

    assertThat(whole.loss()).isPositive();
    assertThat(single.loss()).isCloseTo(whole.loss(), within(1e-6 * whole.loss()));
    double largest =
        IntStream.range(0, weights.length)
            .mapToDouble(k -> Math.abs(whole.gradient()[k]))
            .max()
            .orElseThrow();
    for (int k = 0; k < weights.length; k++) {
      assertThat(single.gradient()[k])
          .isCloseTo(whole.gradient()[k], within((float) (1e-5 * largest)));
    }
  }

  @Test
  void aBatchHasTheMeanOfTheGradientsOfItsChunks() {
    int[] first = IntStream.range(0, 16).toArray();
    int[] second = IntStream.range(16, 24).toArray();
    int[] both = IntStream.range(0, 24).toArray();

    GradientSteps.Step whole = step(1, both);
    GradientSteps.Step ofFirst = step(1, first);
    GradientSteps.Step ofSecond = step(1, second);

    assertThat(whole.loss())
        .isCloseTo((2 * ofFirst.loss() + ofSecond.loss()) / 3, within(1e-6 * whole.loss()));
    for (int k = 0; k < weights.length; k++) {
      float mean = (2 * ofFirst.gradient()[k] + ofSecond.gradient()[k]) / 3;
      assertThat(whole.gradient()[k]).isCloseTo(mean, within(1e-5f));
    }
  }

  @Test
  void chunksThatStepOnTheirOwnComeToTheMeanOfWhatEachComesTo() {
    List<GradientSteps.Turn> turns =
        List.of(
            new GradientSteps.Turn(
                new GradientSteps.Batch(IntStream.range(0, 24).toArray(), 0, 7), 1e-3),
            new GradientSteps.Turn(
                new GradientSteps.Batch(IntStream.range(10, 34).toArray(), 0, 8), 2e-3));
    Adam.State start = Adam.State.of(weights);
    Adam first = new Adam(start, 0.01);
    Adam second = new Adam(start, 0.01);
    GradientSteps.Reached reached;
    double loss = 0;
    try (GradientSteps steps = steps(1)) {
      reached = steps.apart(start, 0.01, turns);
      for (GradientSteps.Turn turn : turns) {
        int[] images = turn.batch().images();
        long seed = turn.batch().seed();
        GradientSteps.Step ofFirst =
            steps.of(
                first.weights(),
                new GradientSteps.Batch(Arrays.copyOfRange(images, 0, 16), 0, seed));
        GradientSteps.Step ofSecond =
            steps.of(
                second.weights(),
                new GradientSteps.Batch(Arrays.copyOfRange(images, 16, 24), 0, seed));
        first.step(ofFirst.gradient(), turn.rate());
        second.step(ofSecond.gradient(), turn.rate());
        loss += (2 * ofFirst.loss() + ofSecond.loss()) / 6;
      }
    }

    assertThat(reached.loss()).isCloseTo(loss, within(1e-6 * loss));
    assertThat(reached.state().steps()).isEqualTo(2);
    for (int k = 0; k < weights.length; k++) {
      float mean = (2 * first.weights()[k] + second.weights()[k]) / 3;
      assertThat(reached.state().weights()[k]).isCloseTo(mean, within(1e-6f));
    }
  }

  @Test
  void aChunkThatLeavesWhatIsFiniteEndsTheStepsInOneError() {
    GradientSteps.Turn turn =
        new GradientSteps.Turn(
            new GradientSteps.Batch(IntStream.range(0, 24).toArray(), 0, 7), Double.MAX_VALUE);
    try (GradientSteps steps = steps(1)) {
      assertThatThrownBy(() -> steps.apart(Adam.State.of(weights), 0, List.of(turn, turn)))
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining("chunk 0 of a batch")
          .hasMessageContaining("not finite");
    }
  }
}
