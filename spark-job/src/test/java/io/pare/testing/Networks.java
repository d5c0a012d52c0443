package io.pare.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.model.InputShape;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.inference.TensorData;
import io.pare.model.output.NetworkOutputs;
import io.pare.model.output.OutputRules;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/** Networks, images and factors for the tests. */
public final class Networks {
  private Networks() {}

  public static OnnxNetwork read(ModelBuilder model) {
    return ModelReader.read("test", model.bytes(), ExternalData.none());
  }

  /** The layers, measured. */
  public static NetworkLayers layers(OnnxNetwork network) {
    return NetworkLayers.of(network, ShapeMeasurement.of(network, image(network)));
  }

  /** What the network is compared by. */
  public static NetworkOutputs outputs(OnnxNetwork network) {
    InputShape image = image(network);
    return NetworkOutputs.of(
        network, ShapeMeasurement.of(network, image), image.layout(), OutputRules.NONE);
  }

  public static InputShape image(OnnxNetwork network) {
    return network.inputShape(OptionalInt.empty(), OptionalInt.empty());
  }

  /** The first output for seeded images. */
  public static TensorData run(OnnxNetwork network, int images) {
    InputShape image = image(network);
    Random random = new Random(7);
    float[] batch = new float[images * image.values()];
    for (int i = 0; i < batch.length; i++) {
      batch[i] = (float) random.nextGaussian();
    }
    try (InferenceSession session = InferenceSession.open(network.toBytes(), 1)) {
      return session.run(batch, images, image).values().iterator().next();
    }
  }

  public static void assertSameOutputs(OnnxNetwork actual, OnnxNetwork expected, float tolerance) {
    TensorData want = run(expected, 2);
    TensorData have = run(actual, 2);
    assertThat(have.shape()).isEqualTo(want.shape());
    float largest = 0;
    for (int i = 0; i < want.values().length; i++) {
      assertThat(have.values()[i]).isFinite();
      largest = Math.max(largest, Math.abs(have.values()[i] - want.values()[i]));
    }
    assertThat(largest).isLessThan(tolerance);
    assertThat(want.values()).as("a test on zeros would prove nothing").isNotEqualTo(zeros(want));
  }

  private static float[] zeros(TensorData like) {
    return new float[like.values().length];
  }

  /** One approximation for each group, seeded. */
  public static List<Approximation> approximations(
      Layer layer, List<String> components, long seed) {
    List<Approximation> groups = new ArrayList<>();
    for (int g = 0; g < layer.groups(); g++) {
      Random random = new Random(seed + g);
      List<Component> parts = new ArrayList<>();
      for (String component : components) {
        parts.add(component(layer.shape(), component, random));
      }
      groups.add(new Approximation(parts, matrix(1, layer.shape().outputs(), random).values()));
    }
    return groups;
  }

  private static Component component(LayerShape shape, String name, Random random) {
    int taps = shape.kernelHeight() * shape.kernelWidth();
    int n = shape.outputs();
    return switch (name) {
      case "channel" ->
          Component.Factors.of(
              Form.CHANNEL, matrix(3, shape.columns(), random), matrix(n, 3, random));
      case "spatial" ->
          Component.Factors.of(
              Form.SPATIAL,
              matrix(3, shape.inputChannels() * shape.kernelHeight(), random),
              matrix(n, 3 * shape.kernelWidth(), random));
      case "tucker" ->
          Component.Factors.of(
              Form.TUCKER,
              matrix(2, shape.inputChannels(), random),
              matrix(3, 2 * taps, random),
              matrix(n, 3, random));
      case "chain" ->
          Component.Factors.of(
              Form.CHAIN,
              matrix(3, shape.inputChannels() * shape.kernelHeight(), random),
              matrix(2, 3 * shape.kernelWidth(), random),
              matrix(n, 2, random));
      case "channels" -> {
        int[] kept = random.nextBoolean() ? new int[] {0, 2} : new int[] {1, 3};
        yield new Component.KeptInputs(kept, matrix(n, 2 * taps, random));
      }
      case "filters" -> {
        int[] kept = random.nextBoolean() ? new int[] {0, 3} : new int[] {1, 2};
        yield new Component.KeptFilters(kept, matrix(2, shape.columns(), random));
      }
      case "empty" ->
          Component.Factors.of(Form.CHANNEL, Matrix.zeros(0, shape.columns()), Matrix.zeros(n, 0));
      default -> new Component.Dense(matrix(n, shape.columns(), random));
    };
  }

  public static Matrix matrix(int rows, int columns, Random random) {
    Matrix matrix = Matrix.zeros(rows, columns);
    for (int i = 0; i < matrix.values().length; i++) {
      matrix.values()[i] = random.nextGaussian() / Math.sqrt(columns);
    }
    return matrix;
  }
}
