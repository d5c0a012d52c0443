package io.pare.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.ModelBuilder;
import io.pare.testing.SharedMaterial;
import java.io.IOException;
import java.nio.file.Files;
import onnx.Onnx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReaderTest {

  @Test
  void weightsAreReadFromWhereverTheyLieInTheFile() {
    Onnx.ModelProto written =
        ModelBuilder.seeded(1)
            .input("x", -1, 2, 4, 4)
            .conv("c", "x", 3, 2, 3)
            .output("c", -1, 3, 2, 2)
            .build();
    Onnx.ModelProto read = ModelReader.read("m", written.toByteArray(), ExternalData.none());

    assertThat(Tensors.floats(read.getGraph().getInitializer(1)))
        .containsExactly(Tensors.floats(written.getGraph().getInitializer(1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"squeezenet1.1", "vgg16-cifar10", "alexnet-cifar10", "resnet20-cifar10"})
  void trainedNetworksPassUnchanged(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(SharedMaterial.require("models/" + name + ".onnx"));

    Onnx.ModelProto model = ModelReader.read(name, bytes, ExternalData.none());

    assertThat(model).isEqualTo(Onnx.ModelProto.parseFrom(bytes));
  }
}
