package io.pare.model.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.TensorData;
import io.pare.model.proto.Onnx;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.Networks;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Loss and gradients against those of PyTorch's autograd, which make_gradient_fixtures.py wrote.
 */
class PyTorchGradientsTest {
  private static final String GRADIENT = "gradient:";
  private static final double TOLERANCE = 1e-4;

  @ParameterizedTest
  @ValueSource(
      strings = {"convolutions", "activations", "pools", "rearrangements", "arithmetic", "scores"})
  void everyParameterHasTheGradientThatPyTorchGivesIt(String name) throws IOException {
    Map<String, TensorData> told = constants(Onnx.ModelProto.parseFrom(read(name + ".gradients")));
    OnnxNetwork network = ModelReader.read(name, read(name), ExternalData.none());
    List<String> parameters =
        told.keySet().stream()
            .filter(key -> key.startsWith(GRADIENT))
            .map(key -> key.substring(GRADIENT.length()))
            .toList();
    GradientNetwork gradients =
        GradientNetwork.of(
            network,
            Networks.image(network),
            parameters,
            (name.equals("scores") ? GradientCheck.scores(1) : GradientCheck.values())
                .apply(network));
    assertThat(gradients.stops()).isEmpty();
    assertThat(gradients.unreached()).isEmpty();

    Map<String, TensorData> inputs = new LinkedHashMap<>();
    inputs.put(network.inputName(), told.get("images"));
    inputs.put(gradients.targets().get("output"), told.get("target"));
    Map<String, TensorData> weights = constants(network.model());
    parameters.forEach(parameter -> inputs.put(parameter, weights.get(parameter)));
    Map<String, TensorData> found;
    try (InferenceSession session = InferenceSession.open(gradients.network().toBytes(), 1)) {
      found = session.run(inputs);
    }

    float loss = told.get("loss").values()[0];
    assertThat(found.get(gradients.loss()).values()[0])
        .isCloseTo(loss, within((float) (TOLERANCE * loss)));
    for (String parameter : parameters) {
      TensorData expected = told.get(GRADIENT + parameter);
      TensorData actual = found.get(gradients.gradients().get(parameter));
      assertThat(actual.shape()).as(parameter).isEqualTo(expected.shape());
      double largest = 0;
      for (float value : expected.values()) {
        largest = Math.max(largest, Math.abs(value));
      }
      assertThat(largest).as("zeros would prove nothing: " + parameter).isGreaterThan(1e-6);
      for (int k = 0; k < expected.values().length; k++) {
        assertThat((double) actual.values()[k])
            .as(parameter + " at " + k)
            .isCloseTo(expected.values()[k], within(TOLERANCE * largest));
      }
    }
  }

  private static byte[] read(String name) throws IOException {
    try (InputStream stream = PyTorchGradientsTest.class.getResourceAsStream(name + ".onnx")) {
      return Objects.requireNonNull(stream, name).readAllBytes();
    }
  }

  private static Map<String, TensorData> constants(Onnx.ModelProto model) {
    Map<String, TensorData> constants = new LinkedHashMap<>();
    for (Onnx.TensorProto tensor : model.getGraph().getInitializerList()) {
      if (Tensors.isFloatOrHalf(tensor)) {
        constants.put(
            tensor.getName(), new TensorData(Tensors.dims(tensor), Tensors.floats(tensor)));
      }
    }
    return constants;
  }
}
