package io.pare.stage.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.io.image.RgbImage;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.InputShape;
import io.pare.model.Layer;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSession;
import io.pare.model.rewrite.ModelRewriter;
import io.pare.model.rewrite.Replacement;
import io.pare.stage.images.PreparedImage;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import io.pare.testing.OutputKinds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that share what comes before a layer give what each gives on its own. */
class LayerTrialsTest {
  private static final int SIDE = 12;
  private static final int IMAGES = 5;

  /** A residual addition, a branch, and a fully connected layer at the end. */
  private static OnnxNetwork network(int batch) {
    return Networks.read(
        ModelBuilder.seeded(3)
            .input("x", batch, 3, SIDE, SIDE)
            .conv("stem", "x", 8, 3, 3)
            .relu("r0", "stem")
            .conv("inner", "r0", 8, 8, 3, ModelBuilder.ints("pads", 1, 1, 1, 1))
            .relu("r1", "inner")
            .conv("last", "r1", 8, 8, 1)
            .add("sum", "last", "r0")
            .relu("r2", "sum")
            .conv("left", "r2", 4, 8, 1)
            .conv("right", "r2", 4, 8, 3, ModelBuilder.ints("pads", 1, 1, 1, 1))
            .concat("joined", "left", "right")
            .globalAveragePool("mean", "joined")
            .flatten("flat", "mean")
            .gemm("gemm", "flat", 5, 8)
            .output("gemm", batch, 5));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 2})
  void everyReplacementOfEveryLayer(int batch) {
    assertAllReplacements(network(batch), 6);
  }

  /** Some outputs come before the layer, others behind it, and one holds no floats. */
  @ParameterizedTest
  @ValueSource(ints = {-1, 2})
  void networksWithSeveralOutputs(int batch) {
    assertAllReplacements(OutputKinds.detector(batch), 4);
  }

  private static void assertAllReplacements(OnnxNetwork network, int count) {
    InputShape image = Networks.image(network);
    Preprocessing preprocessing =
        Preprocessing.parse("raw,scale=0.01", image.height(), image.width());
    Execution execution = new Execution(Networks.image(network), Networks.outputs(network), 2, 1);
    List<Layer> layers = Networks.layers(network).compressible();
    assertThat(layers).hasSize(count);
    for (Layer layer : layers) {
      List<Replacement> trials = new ArrayList<>();
      for (int seed = 1; seed <= 3; seed++) {
        trials.add(
            new Replacement(layer, Networks.approximations(layer, List.of("channel"), seed)));
      }

      List<List<float[]>> outputs;
      try (LayerTrials networks = new LayerTrials(network, layers, trials, execution)) {
        outputs = networks.outputs(images(image), preprocessing);
      }

      assertThat(outputs).hasSize(trials.size());
      for (int k = 0; k < trials.size(); k++) {
        List<float[]> expected = alone(network, trials.get(k), execution, preprocessing);
        for (int i = 0; i < IMAGES; i++) {
          assertThat(outputs.get(k).get(i))
              .as("%s, replacement %d, image %d", layer.name(), k, i)
              .containsExactly(expected.get(i), Offset.offset(1e-3f));
        }
      }
    }
  }

  private static List<float[]> alone(
      OnnxNetwork network, Replacement trial, Execution execution, Preprocessing preprocessing) {
    byte[] changed = ModelRewriter.rewrite(network, List.of(trial), Map.of()).toBytes();
    try (InferenceSession session = InferenceSession.open(changed, 1)) {
      return new OutputReader(session, preprocessing, execution, execution.outputs())
          .outputs(images(execution.input()));
    }
  }

  private static List<PreparedImage> images(InputShape image) {
    Random random = new Random(29);
    List<PreparedImage> images = new ArrayList<>();
    for (int id = 0; id < IMAGES; id++) {
      byte[] pixels = new byte[image.values()];
      random.nextBytes(pixels);
      images.add(new PreparedImage(id, -1, new RgbImage(image.width(), image.height(), pixels)));
    }
    return images;
  }
}
