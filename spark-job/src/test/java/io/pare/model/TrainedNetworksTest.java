package io.pare.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerCost;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Window;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.model.rewrite.ModelRewriter;
import io.pare.model.rewrite.Replacement;
import io.pare.testing.Networks;
import io.pare.testing.SharedMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The layers of real networks, against counts of an independent program. */
class TrainedNetworksTest {
  private static OnnxNetwork network(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(SharedMaterial.require("models/" + name + ".onnx"));
    return ModelReader.read(name, bytes, ExternalData.none());
  }

  private static NetworkLayers layers(OnnxNetwork network) {
    InputShape image = network.inputShape(OptionalInt.empty(), OptionalInt.empty());
    return NetworkLayers.of(network, ShapeMeasurement.of(network, image));
  }

  @ParameterizedTest
  @CsvSource({
    "squeezenet1.1, 26, 0, 1231552, 418467520",
    "vgg16-cifar10, 13, 1, 14715584, 1252791296",
    "alexnet-cifar10, 5, 3, 3789504, 41564160",
    "resnet20-cifar10, 19, 1, 268336, 40551040"
  })
  void countsLayersWeightsAndMultiplyAccumulates(
      String name, int convolutions, int fullyConnected, long weights, long macs)
      throws IOException {
    NetworkLayers layers = layers(network(name));
    assertThat(layers.kept()).isEmpty();
    List<Layer> all = layers.compressible();
    assertThat(all).filteredOn(l -> l.operator() == Layer.Operator.CONV).hasSize(convolutions);
    assertThat(all).filteredOn(l -> l.operator() == Layer.Operator.GEMM).hasSize(fullyConnected);
    assertThat(layers.total()).isEqualTo(new LayerCost(weights, macs));
  }

  @Test
  void everyLayerOfSqueezenetEndsInRelu() throws IOException {
    assertThat(layers(network("squeezenet1.1")).compressible())
        .allMatch(layer -> layer.activation().equals(Clamp.RELU));
  }

  /** Behind two of them the exporter has written the shortcut. */
  @Test
  void residualConvolutionsEndInTheReluBehindTheSum() throws IOException {
    OnnxNetwork network = network("resnet20-cifar10");
    List<Layer> layers = layers(network).compressible();
    assertThat(layers).filteredOn(l -> l.activation().equals(Clamp.RELU)).hasSize(19);
    assertThat(layers)
        .filteredOn(l -> l.name().endsWith("conv2/Conv"))
        .hasSize(9)
        .allMatch(l -> l.follows().equals("relu behind an addition"));
    assertThat(LayerLevels.of(network, layers)).hasSize(20);
  }

  @Test
  void stridesAndPaddingOfAlexnetAreRead() throws IOException {
    Layer first = layers(network("alexnet-cifar10")).compressible().get(0);
    Window.Axis axis = new Window.Axis(64, 11, 4, 5, 5, 1);
    assertThat(first.window()).isEqualTo(new Window(List.of(axis, axis), false));
    assertThat(first.geometry().inputHeight()).isEqualTo(64);
    assertThat(first.geometry().outputHeight()).isEqualTo(16);
  }

  @ParameterizedTest
  @ValueSource(strings = {"squeezenet1.1", "vgg16-cifar10", "alexnet-cifar10", "resnet20-cifar10"})
  void aNetworkWhoseLayersAreAllReplacedWithExactFactorsComputesTheSame(String name)
      throws IOException {
    OnnxNetwork network = network(name);
    List<Replacement> replacements = new ArrayList<>();
    for (Layer layer : layers(network).compressible()) {
      replacements.add(new Replacement(layer, List.of(exact(network, layer))));
    }
    OnnxNetwork rewritten = ModelRewriter.rewrite(network, replacements, Map.of());
    assertThat(rewritten.model().getGraph().getInitializerList())
        .noneMatch(tensor -> tensor.getName().endsWith(".weight"));
    Networks.assertSameOutputs(rewritten, network, 1e-3f);
  }

  /** The spatial form of full rank where it is small, else the channel form of full rank. */
  private static Approximation exact(OnnxNetwork network, Layer layer) {
    LayerShape shape = layer.shape();
    Matrix kernel =
        Matrix.of(shape.outputs(), shape.columns(), LayerWeights.kernel(network, layer, 0));
    int width = shape.kernelWidth();
    int rows = shape.inputChannels() * shape.kernelHeight();
    boolean small = rows <= 64;
    double[] bias = LayerWeights.bias(network, layer, 0);
    if (!small) {
      Matrix identity = identity(shape.outputs());
      return new Approximation(List.of(Component.Factors.of(Form.CHANNEL, kernel, identity)), bias);
    }
    Matrix horizontal = Matrix.zeros(shape.outputs(), rows * width);
    System.arraycopy(kernel.values(), 0, horizontal.values(), 0, kernel.values().length);
    return new Approximation(
        List.of(Component.Factors.of(Form.SPATIAL, identity(rows), horizontal)), bias);
  }

  private static Matrix identity(int size) {
    Matrix identity = Matrix.zeros(size, size);
    for (int i = 0; i < size; i++) {
      identity.set(i, i, 1);
    }
    return identity;
  }
}
