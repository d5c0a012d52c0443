package io.pare.model.gradient;

import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.TensorData;
import io.pare.model.proto.Onnx;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.BenchFigures;
import io.pare.testing.Networks;
import io.pare.testing.SharedMaterial;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Time of a step, with the gradients of all weights and biases, against that of a forward pass. */
class GradientStepBench {
  private static final int ROUNDS = 9;

  @ParameterizedTest
  @CsvSource({
    "squeezenet1.1, 16, 1",
    "squeezenet1.1, 16, 2",
    "resnet20-cifar10, 64, 1",
    "resnet20-cifar10, 64, 2",
    "vgg16-cifar10, 16, 1"
  })
  void stepAgainstForwardPass(String name, int images, int threads) throws Exception {
    byte[] bytes = Files.readAllBytes(SharedMaterial.require("models/" + name + ".onnx"));
    OnnxNetwork network = ModelReader.read(name, bytes, ExternalData.none());
    List<Onnx.TensorProto> weights =
        network.model().getGraph().getInitializerList().stream()
            .filter(Tensors::isFloatOrHalf)
            .toList();
    InputShape image = Networks.image(network);
    GradientNetwork gradients =
        GradientNetwork.of(
            network,
            image,
            weights.stream().map(Onnx.TensorProto::getName).toList(),
            GradientCheck.scores(1).apply(network));
    Map<String, TensorData> inputs = new LinkedHashMap<>();
    inputs.put(network.inputName(), GradientCheck.random(new Random(1), image.batch(images)));
    weights.forEach(
        w -> inputs.put(w.getName(), new TensorData(Tensors.dims(w), Tensors.floats(w))));
    Map<String, TensorData> batch = Map.of(network.inputName(), inputs.get(network.inputName()));
    try (InferenceSession forward = InferenceSession.open(bytes, threads);
        InferenceSession step = InferenceSession.open(gradients.network().toBytes(), threads)) {
      inputs.put(
          gradients.targets().get(network.floatOutputs().get(0)),
          forward.run(batch).get(network.floatOutputs().get(0)));
      double[] seconds =
          BenchFigures.medianSeconds(ROUNDS, () -> forward.run(batch), () -> step.run(inputs));
      BenchFigures.add(
          "gradients",
          "%s, %d images, threads %d, step / forward".formatted(name, images, threads),
          seconds[1] / seconds[0],
          Map.of("forward s", seconds[0], "step s", seconds[1]));
    }
  }
}
