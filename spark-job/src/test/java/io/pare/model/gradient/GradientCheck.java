package io.pare.model.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.inference.TensorData;
import io.pare.model.output.NetworkOutputs;
import io.pare.model.output.OutputRules;
import io.pare.model.proto.Onnx;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/**
 * A gradient network with weights, images and targets in place, to be held against differences of
 * the loss that Java computes from the outputs.
 */
final class GradientCheck implements AutoCloseable {
  /** The differences are of fourth order in this. */
  private static final float STEP = 0.02f;

  private static final double TOLERANCE = 2e-3;

  private final GradientNetwork gradients;
  private final InferenceSession session;
  private final Map<String, TensorData> inputs = new LinkedHashMap<>();
  private boolean squares = true;

  private GradientCheck(OnnxNetwork network, GradientNetwork gradients, int images) {
    this.gradients = gradients;
    this.session = InferenceSession.open(gradients.network().toBytes(), 1);
    Random random = new Random(11);
    InputShape image = Networks.image(network);
    inputs.put(network.inputName(), random(random, image.batch(images)));
    for (Onnx.TensorProto tensor : network.model().getGraph().getInitializerList()) {
      if (gradients.gradients().containsKey(tensor.getName())) {
        inputs.put(tensor.getName(), new TensorData(Tensors.dims(tensor), Tensors.floats(tensor)));
      }
    }
    Map<String, TensorData> results;
    try (InferenceSession forward =
        InferenceSession.open(network.withOutputs(gradients.targets().keySet()).toBytes(), 1)) {
      results = forward.run(inputs.get(network.inputName()).values(), images, image);
    }
    gradients
        .targets()
        .forEach((tensor, input) -> inputs.put(input, changed(random, results.get(tensor))));
    gradients
        .weight()
        .ifPresent(name -> inputs.put(name, new TensorData(new long[0], new float[] {0.7f})));
  }

  /** Of the outputs as the graph tells them. */
  static Function<OnnxNetwork, DistillationLoss> scores(double temperature) {
    return network -> DistillationLoss.of(Networks.outputs(network), temperature);
  }

  /** Of the outputs as values, and of some feature maps. */
  static Function<OnnxNetwork, DistillationLoss> values(String... features) {
    return network -> {
      Map<String, OutputRules.Rule> rules = new LinkedHashMap<>();
      network
          .floatOutputs()
          .forEach(name -> rules.put(name, new OutputRules.Rule(OutputRules.Kind.VALUES, 0)));
      InputShape image = Networks.image(network);
      NetworkOutputs outputs =
          NetworkOutputs.of(
              network, ShapeMeasurement.of(network, image), image.layout(), new OutputRules(rules));
      return new DistillationLoss(outputs, 1, List.of(features));
    };
  }

  static GradientCheck open(
      ModelBuilder model,
      List<String> wanted,
      Function<OnnxNetwork, DistillationLoss> loss,
      int images) {
    OnnxNetwork network = OnnxNetwork.of(model.build());
    GradientNetwork gradients =
        GradientNetwork.of(network, Networks.image(network), wanted, loss.apply(network));
    return new GradientCheck(network, gradients, images);
  }

  /** All gradients of the squared error of a network whose every wanted tensor is reached. */
  static void assertGradients(ModelBuilder model, String... wanted) {
    try (GradientCheck check = open(model, List.of(wanted), GradientCheck.values(), 2)) {
      assertThat(check.gradients().stops()).isEmpty();
      assertThat(check.gradients().unreached()).isEmpty();
      check.assertAll();
    }
  }

  GradientNetwork gradients() {
    return gradients;
  }

  Map<String, TensorData> inputs() {
    return inputs;
  }

  Map<String, TensorData> run() {
    return session.run(inputs);
  }

  float loss() {
    return run().get(gradients.loss()).values()[0];
  }

  /** Every gradient at every element against a central difference. */
  void assertAll() {
    Map<String, TensorData> results = run();
    gradients.gradients().forEach((tensor, output) -> assertGradient(tensor, results.get(output)));
  }

  private void assertGradient(String tensor, TensorData gradient) {
    TensorData values = inputs.get(tensor);
    assertThat(gradient.shape()).as(tensor).isEqualTo(values.shape());
    double[] expected = new double[values.values().length];
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      expected[i] = slope(values.values(), i);
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    assertThat(largest).as("a test on zeros would prove nothing: " + tensor).isGreaterThan(1e-4);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) gradient.values()[i])
          .as(tensor + " at " + i)
          .isCloseTo(
              expected[i],
              org.assertj.core.data.Offset.offset(TOLERANCE * Math.max(largest, 0.02)));
    }
  }

  private double slope(float[] values, int index) {
    float at = values[index];
    double near = difference(values, index, at, STEP);
    double far = difference(values, index, at, 2 * STEP);
    values[index] = at;
    return (4 * near - far) / 3;
  }

  private double difference(float[] values, int index, float at, float step) {
    values[index] = at + step;
    double above = measured();
    values[index] = at - step;
    double below = measured();
    return (above - below) / ((at + step) - (at - step));
  }

  /** The squared error in double, of outputs in single precision; else what the network says. */
  private double measured() {
    Map<String, TensorData> results = run();
    if (!gradients.targets().keySet().stream().allMatch(results::containsKey) || !squares) {
      return results.get(gradients.loss()).values()[0];
    }
    return gradients.targets().entrySet().stream()
        .mapToDouble(e -> squaredError(results.get(e.getKey()), inputs.get(e.getValue())))
        .sum();
  }

  /** Takes the network's own word for its loss, which is tested elsewhere. */
  GradientCheck ofOwnLoss() {
    squares = false;
    return this;
  }

  static double squaredError(TensorData actual, TensorData target) {
    double error = 0;
    double size = 0;
    for (int i = 0; i < target.values().length; i++) {
      double wanted = target.values()[i];
      double difference = actual.values()[i] - wanted;
      error += difference * difference;
      size += wanted * wanted;
    }
    return error / size;
  }

  static TensorData random(Random random, long... dims) {
    int elements = 1;
    for (long dim : dims) {
      elements *= (int) dim;
    }
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new TensorData(dims, values);
  }

  /** Positive, as probabilities are, where the values are. */
  private static TensorData changed(Random random, TensorData data) {
    float[] values = data.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] *= (float) (0.5 + random.nextDouble());
    }
    return new TensorData(data.shape(), values);
  }

  @Override
  public void close() {
    session.close();
  }
}
