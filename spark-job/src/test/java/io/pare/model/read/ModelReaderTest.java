package io.pare.model.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pare.InputException;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import io.pare.model.proto.Onnx.TensorProto.DataType;
import io.pare.testing.BadInputs;
import io.pare.testing.BadModel;
import io.pare.testing.BadModels;
import io.pare.testing.SharedMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReaderTest {

  @ParameterizedTest
  @ValueSource(strings = {"squeezenet1.1", "vgg16-cifar10", "alexnet-cifar10", "resnet20-cifar10"})
  void trainedNetworksPassUnchanged(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(SharedMaterial.require("models/" + name + ".onnx"));

    assertThat(ModelReader.read(name, bytes, ExternalData.none()).toBytes()).isEqualTo(bytes);
  }

  @Test
  void aValidNetworkPassesUnchanged() {
    Onnx.ModelProto valid = BadModels.valid();

    assertThat(read(valid)).isEqualTo(valid);
  }

  @Test
  void weightsAreReadFromWhereverTheyLieInTheFile() {
    Onnx.ModelProto valid = BadModels.valid();
    Onnx.ModelProto read = read(valid);

    for (int i = 0; i < valid.getGraph().getInitializerCount(); i++) {
      assertThat(Tensors.floats(read.getGraph().getInitializer(i)))
          .containsExactly(Tensors.floats(valid.getGraph().getInitializer(i)));
    }
  }

  static List<BadModel> badModels() {
    return BadModels.all();
  }

  @ParameterizedTest
  @MethodSource("badModels")
  void aBadModelGetsOneLineThatSaysWhatIsWrong(BadModel bad) {
    InputException error =
        catchThrowableOfType(
            InputException.class,
            () -> ModelReader.read("net.onnx", bad.bytes(), ExternalData.none()));

    assertThat(error).as("accepted: " + bad).isNotNull();
    assertThat(error.kind()).isEqualTo(InputException.Kind.DATA);
    assertThat(error)
        .hasMessageStartingWith("net.onnx: ")
        .hasMessageContaining(bad.message())
        .message()
        .matches("\\P{Cntrl}{1,700}");
  }

  @Test
  void theNameOfTheFileIsShownOnOneLine() {
    assertThatThrownBy(() -> ModelReader.read("a\nb", new byte[0], ExternalData.none()))
        .hasMessage("a\\u000ab: is empty; an ONNX model is expected");
  }

  @Test
  void aModelOfMoreThanTwoGibibytesIsRefusedBeforeItIsRead() {
    ModelReader.checkLength(Place.of("m"), Integer.MAX_VALUE);
    assertThatThrownBy(() -> ModelReader.checkLength(Place.of("m"), 1L << 31))
        .isInstanceOfSatisfying(
            InputException.class, e -> BadInputs.refused("ONNX", "more than 2 GiB", e))
        .hasMessageContaining("2147483648 bytes; the limit with all tensors is 2147483647");
  }

  /** An empty metadata entry, and a producer that is a number: a tag, then 0. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        (Onnx.ModelProto.METADATA_PROPS_FIELD_NUMBER << 3) | 2,
        Onnx.ModelProto.PRODUCER_NAME_FIELD_NUMBER << 3
      })
  void moreEntriesThanANetworkHasAreRefusedBeforeTheyAreParsed(int tag) {
    byte[] entries = new byte[2 * (WireScan.MAX_ENTRIES + 1)];
    for (int i = 0; i < entries.length; i += 2) {
      entries[i] = (byte) tag;
    }
    assertThatThrownBy(() -> ModelReader.read("m", entries, ExternalData.none()))
        .isInstanceOfSatisfying(
            InputException.class, e -> BadInputs.refused("ONNX", "too many entries", e))
        .hasMessageContaining("holds more than 5000000 entries");
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "FLOAT16", "DOUBLE"})
  void tensorsThatWereWrittenAreAccepted(DataType type) {
    TensorValidator.check(
        Place.of("test"), Tensors.of("w", type, new long[] {2, 3}, new float[] {0, 1, 2, 3, 4, 5}));
  }

  private static Onnx.ModelProto read(Onnx.ModelProto model) {
    return ModelReader.read("net.onnx", model.toByteArray(), ExternalData.none()).model();
  }
}
