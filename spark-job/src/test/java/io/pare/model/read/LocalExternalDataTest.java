package io.pare.model.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.pare.InputException;
import io.pare.model.proto.Onnx;
import io.pare.testing.BadInputs;
import io.pare.testing.BadModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class LocalExternalDataTest {
  private final Onnx.ModelProto valid = BadModels.valid();

  @TempDir private Path outside;
  private Path folder;
  private String bad;

  @BeforeEach
  void makeFolder(TestInfo test) throws IOException {
    bad = BadInputs.words(test);
    folder = Files.createDirectories(outside.resolve("model"));
  }

  @Test
  void tensorsOfOtherFilesAreTakenIn() throws IOException {
    Files.createDirectories(folder.resolve("sub"));
    write(folder.resolve("sub/weights.bin"), 16);

    assertThat(read("sub/weights.bin", 16)).isEqualTo(valid);
  }

  @Test
  void aFileThatIsMissingIsNamed() {
    assertRefused(
        "weights.bin",
        0,
        "net.onnx: initializer \"conv.weight\": external data \"weights.bin\" is missing:"
            + " copy it beside the model");
  }

  @Test
  void aFolderIsNoFile() throws IOException {
    Files.createDirectories(folder.resolve("weights.bin"));

    assertRefused("weights.bin", 0, "\"weights.bin\" is missing");
  }

  @Test
  void aFileThatIsOneByteShortIsRefused() throws IOException {
    write(folder.resolve("weights.bin"), 0);

    assertRefused("weights.bin", 1, "has 432 bytes; 432 are wanted from byte 1 on: copy it again");
  }

  @Test
  void anOffsetBeyondTheFileIsRefused() throws IOException {
    write(folder.resolve("weights.bin"), 0);

    assertRefused("weights.bin", 999_999_999_999_999_999L, "has 432 bytes; 432 are wanted");
  }

  @Test
  void aSymbolicLinkIsRefused() throws IOException {
    write(outside.resolve("secret"), 0);
    Files.createSymbolicLink(folder.resolve("weights.bin"), outside.resolve("secret"));

    assertRefused("weights.bin", 0, "\"weights.bin\" is a symbolic link: copy the file itself");
  }

  @Test
  void aSymbolicLinkOnTheWayIsRefused() throws IOException {
    write(outside.resolve("secret"), 0);
    Files.createSymbolicLink(folder.resolve("sub"), outside);

    assertRefused("sub/secret", 0, "\"sub/secret\" is a symbolic link");
  }

  @Test
  void tensorsThatGrowTheModelBeyondTwoGibibytesAreRefusedBeforeTheyAreRead() {
    Onnx.ModelProto.Builder model = external("weights.bin", 0).toBuilder();
    model.getGraphBuilder().getInitializerBuilder(0).setDims(0, 1L << 26);

    assertThatThrownBy(
            () ->
                ModelReader.read(
                    "net.onnx",
                    model.build().toByteArray(),
                    (location, offset, length) -> {
                      throw new AssertionError("read " + location);
                    }))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the limit with all tensors is 2147483647");
  }

  @Test
  void aSourceThatGivesTooLittleIsRefused() {
    assertThatThrownBy(
            () ->
                ModelReader.read(
                    "net.onnx",
                    external("weights.bin", 0).toByteArray(),
                    (location, offset, length) -> new byte[3]))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has 3 bytes in \"weights.bin\" from byte 0 on; it takes 432");
  }

  private void write(Path file, int before) throws IOException {
    byte[] weights = valid.getGraph().getInitializer(0).getRawData().toByteArray();
    Files.write(
        file,
        ByteString.copyFrom(new byte[before]).concat(ByteString.copyFrom(weights)).toByteArray());
  }

  private Onnx.ModelProto external(String location, long offset) {
    Onnx.ModelProto.Builder model = valid.toBuilder();
    model
        .getGraphBuilder()
        .getInitializerBuilder(0)
        .clearRawData()
        .setDataLocation(Onnx.TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", location))
        .addExternalData(entry("offset", String.valueOf(offset)));
    return model.build();
  }

  private static Onnx.StringStringEntryProto entry(String key, String value) {
    return Onnx.StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private Onnx.ModelProto read(String location, long offset) {
    return ModelReader.read(
            "net.onnx", external(location, offset).toByteArray(), new LocalExternalData(folder))
        .model();
  }

  private void assertRefused(String location, long offset, String message) {
    assertThatThrownBy(() -> read(location, offset))
        .isInstanceOfSatisfying(
            InputException.class, e -> BadInputs.refused("ONNX", "external data: " + bad, e))
        .hasMessageContaining(message);
  }
}
