package io.pare.model.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.TensorData;
import io.pare.model.proto.Onnx;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.Networks;
import io.pare.testing.SharedMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real networks: the slope of the loss along a random direction, all weights at once. */
class TrainedGradientsTest {
  @ParameterizedTest
  @CsvSource({"resnet20-cifar10, 4", "squeezenet1.1, 1", "googlenet-cifar10, 2"})
  void slopeAlongARandomDirection(String name, int images) throws IOException {
    byte[] bytes = Files.readAllBytes(SharedMaterial.require("models/" + name + ".onnx"));
    OnnxNetwork network = ModelReader.read(name, bytes, ExternalData.none());
    List<Onnx.TensorProto> weights =
        network.model().getGraph().getInitializerList().stream()
            .filter(Tensors::isFloatOrHalf)
            .filter(tensor -> tensor.getDimsCount() >= 2)
            .toList();
    InputShape image = Networks.image(network);
    GradientNetwork gradients =
        GradientNetwork.of(
            network,
            image,
            weights.stream().map(Onnx.TensorProto::getName).toList(),
            GradientCheck.scores(2).apply(network));
    assertThat(gradients.stops()).isEmpty();
    assertThat(gradients.unreached()).isEmpty();
    Random random = new Random(3);
    Map<String, TensorData> inputs = new LinkedHashMap<>();
    inputs.put(network.inputName(), GradientCheck.random(random, image.batch(images)));
    try (InferenceSession original = InferenceSession.open(bytes, 1)) {
      TensorData target = original.run(inputs).get(network.floatOutputs().get(0));
      inputs.put(gradients.targets().get(network.floatOutputs().get(0)), target);
    }
    // Away from the weights that the targets come from, where the loss has its minimum.
    Map<String, float[]> start = new LinkedHashMap<>();
    Map<String, float[]> direction = new LinkedHashMap<>();
    for (Onnx.TensorProto tensor : weights) {
      start.put(tensor.getName(), moved(Tensors.floats(tensor), 0.05, random));
      direction.put(tensor.getName(), moved(Tensors.floats(tensor), 1, random));
    }
    try (InferenceSession session = InferenceSession.open(gradients.network().toBytes(), 2)) {
      Map<String, TensorData> at = at(session, inputs, weights, start, direction, 0);
      double slope = 0;
      for (Map.Entry<String, float[]> along : direction.entrySet()) {
        float[] gradient = at.get(gradients.gradients().get(along.getKey())).values();
        for (int i = 0; i < gradient.length; i++) {
          slope += (double) gradient[i] * along.getValue()[i];
        }
      }
      double step = 1e-3;
      String loss = gradients.loss();
      double above = at(session, inputs, weights, start, direction, step).get(loss).values()[0];
      double below = at(session, inputs, weights, start, direction, -step).get(loss).values()[0];
      double measured = (above - below) / (2 * step);
      assertThat(Math.abs(measured)).isGreaterThan(1e-3);
      assertThat(slope).isCloseTo(measured, Offset.offset(0.02 * Math.abs(measured)));
    }
  }

  /** Scaled noise on top of the values, or for a scale of 1 the noise alone, as large as they. */
  private static float[] moved(float[] values, double scale, Random random) {
    double size = 0;
    for (float value : values) {
      size += (double) value * value;
    }
    double deviation = Math.sqrt(size / values.length);
    float[] moved = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      double noise = scale * deviation * random.nextGaussian();
      moved[i] = (float) (scale == 1 ? noise : values[i] + noise);
    }
    return moved;
  }

  private static Map<String, TensorData> at(
      InferenceSession session,
      Map<String, TensorData> inputs,
      List<Onnx.TensorProto> weights,
      Map<String, float[]> start,
      Map<String, float[]> direction,
      double step) {
    Map<String, TensorData> all = new LinkedHashMap<>(inputs);
    for (Onnx.TensorProto tensor : weights) {
      float[] values = start.get(tensor.getName()).clone();
      float[] along = direction.get(tensor.getName());
      for (int i = 0; i < values.length; i++) {
        values[i] += (float) (step * along[i]);
      }
      all.put(tensor.getName(), new TensorData(Tensors.dims(tensor), values));
    }
    return session.run(all);
  }
}
