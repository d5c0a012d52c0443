package io.pare.model.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.pare.model.proto.Onnx;
import io.pare.model.proto.Onnx.TensorProto.DataType;
import io.pare.testing.BadModels;
import io.pare.testing.ModelBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What looks odd but is valid must pass, and pass unchanged. */
class AcceptedModelsTest {

  static Stream<Map.Entry<String, Onnx.ModelProto>> oddModels() {
    return Map.ofEntries(
        Map.entry("unknown operator", with("Mystery", "", "relu")),
        Map.entry("operator of another domain", with("Conv", "com.example", "relu")),
        Map.entry("shared weights", sharedWeights()),
        Map.entry("weights in a body", weightsInBody()),
        Map.entry("weights as a constant node", constantWeights(1f)),
        Map.entry("overridable weights", overridableWeights()),
        Map.entry("infinity in an attention mask", mask()),
        Map.entry("quantised weights", quantised()),
        Map.entry("sparse initializer", sparse()),
        Map.entry("function", function()),
        Map.entry("deepest graphs", nested(WireScan.MAX_NESTED_GRAPHS - 1)),
        Map.entry("optional input left out", optionalInput()),
        Map.entry("empty tensor", emptyTensor()))
        .entrySet()
        .stream();
  }

  @ParameterizedTest
  @MethodSource("oddModels")
  void oddButValidModelsPassUnchanged(Map.Entry<String, Onnx.ModelProto> odd) {
    assertThat(read(odd.getValue())).isEqualTo(odd.getValue());
  }

  @ParameterizedTest
  @CsvSource({"3, 9", "8, 17", "13, 26"})
  void supportedVersionsPass(long irVersion, long opset) {
    Onnx.ModelProto.Builder model = BadModels.valid().toBuilder().setIrVersion(irVersion);
    model.getOpsetImportBuilder(0).setVersion(opset);

    assertThat(read(model.build())).isEqualTo(model.build());
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void tensorsOfEveryTypePassInTheirTypedFieldAndInRawData(ElementType type) {
    Onnx.TensorProto.Builder typed = tensorOfFive(type);
    int entries = Math.toIntExact(type.fieldEntries(5));
    for (int i = 0; i < entries; i++) {
      switch (type.field()) {
        case FLOAT_DATA -> typed.addFloatData(1);
        case INT32_DATA -> typed.addInt32Data(1);
        case STRING_DATA -> typed.addStringData(ByteString.copyFromUtf8("s"));
        case INT64_DATA -> typed.addInt64Data(1);
        case DOUBLE_DATA -> typed.addDoubleData(1);
        case UINT64_DATA -> typed.addUint64Data(1);
      }
    }
    TensorValidator.check(Place.of("m"), typed.build());
    if (type.hasRawForm()) {
      byte[] raw = new byte[Math.toIntExact(type.rawBytes(5))];
      Onnx.TensorProto tensor = tensorOfFive(type).setRawData(ByteString.copyFrom(raw)).build();
      TensorValidator.check(Place.of("m"), tensor);
    }
  }

  /** onnx.proto: five elements of 4 bits take three bytes, of 2 bits two. */
  @ParameterizedTest
  @CsvSource({"FLOAT, 20, 5", "INT4, 3, 3", "UINT2, 2, 2", "COMPLEX64, 40, 10", "BOOL, 5, 5"})
  void valuesArePackedAsTheFormatSays(ElementType type, long rawBytes, long fieldEntries) {
    assertThat(type.rawBytes(5)).isEqualTo(rawBytes);
    assertThat(type.fieldEntries(5)).isEqualTo(fieldEntries);
  }

  @Test
  void weightsOfAConstantNodeAreSearchedToo() {
    Onnx.ModelProto bad = constantWeights(Float.NaN);

    assertThatThrownBy(() -> read(bad))
        .hasMessageContaining("node \"c\" (Conv), weights \"\": is not a finite number at index 0");
  }

  private static Onnx.TensorProto.Builder tensorOfFive(ElementType type) {
    return Onnx.TensorProto.newBuilder().setDataType(type.number()).addDims(5);
  }

  private static Onnx.ModelProto with(String operator, String domain, String input) {
    Onnx.ModelProto.Builder model = BadModels.valid().toBuilder();
    model
        .getGraphBuilder()
        .addNodeBuilder()
        .setOpType(operator)
        .setDomain(domain)
        .addInput(input)
        .addOutput("odd");
    return model.build();
  }

  private static ModelBuilder image() {
    return ModelBuilder.seeded(3).input("x", -1, 2, -1, -1).output("y");
  }

  private static Onnx.ModelProto sharedWeights() {
    return image()
        .weights("w", 2, 2, 1, 1)
        .node("Conv", "a", List.of("x", "w"), List.of("a"))
        .node("Conv", "b", List.of("a", "w"), List.of("y"))
        .build();
  }

  private static Onnx.ModelProto weightsInBody() {
    Onnx.GraphProto body =
        ModelBuilder.seeded(4).conv("inner", "x", 2, 2, 1).output("inner").graph();
    Onnx.GraphProto other =
        ModelBuilder.seeded(4)
            .node("Conv", "c", List.of("x", "outer"), List.of("inner"))
            .output("inner")
            .graph();
    return image()
        .input("flag")
        .weights("outer", 2, 2, 1, 1)
        .node(
            "If",
            "if",
            List.of("flag"),
            List.of("y"),
            ModelBuilder.graph("then_branch", body),
            ModelBuilder.graph("else_branch", other))
        .build();
  }

  private static Onnx.ModelProto constantWeights(float value) {
    Onnx.TensorProto weights = ModelBuilder.floats("", new long[] {1, 2, 1, 1}, value, 2f);
    return image()
        .node("Constant", "k", List.of(), List.of("k"), ModelBuilder.tensor("value", weights))
        .node("Conv", "c", List.of("x", "k"), List.of("y"))
        .build();
  }

  private static Onnx.ModelProto overridableWeights() {
    return image()
        .input("w", 2, 2, 1, 1)
        .weights("w", 2, 2, 1, 1)
        .node("Conv", "c", List.of("x", "w"), List.of("y"))
        .build();
  }

  private static Onnx.ModelProto mask() {
    return image()
        .initializer(ModelBuilder.floats("m", new long[] {1}, Float.NEGATIVE_INFINITY))
        .add("y", "x", "m")
        .build();
  }

  private static Onnx.ModelProto quantised() {
    return image()
        .initializer(
            ModelBuilder.tensor("q", DataType.INT8, 1, 2, 1, 1)
                .setRawData(ByteString.copyFrom(new byte[2]))
                .build())
        .initializer(ModelBuilder.floats("s", new long[0], 0.5f))
        .node("DequantizeLinear", "d", List.of("q", "s"), List.of("w"))
        .node("Conv", "c", List.of("x", "w"), List.of("y"))
        .build();
  }

  private static Onnx.ModelProto sparse() {
    Onnx.ModelProto.Builder model =
        image().node("Conv", "c", List.of("x", "w"), List.of("y")).build().toBuilder();
    model
        .getGraphBuilder()
        .addSparseInitializerBuilder()
        .addAllDims(List.of(1L, 2L, 1L, 1L))
        .setValues(ModelBuilder.floats("w", new long[] {1}, 1f))
        .setIndices(ModelBuilder.tensor("", DataType.INT64, 1).addInt64Data(1));
    return model.build();
  }

  private static Onnx.ModelProto function() {
    Onnx.ModelProto.Builder model = with("Twice", "com.example", "relu").toBuilder();
    model
        .addFunctionsBuilder()
        .setName("Twice")
        .addInput("a")
        .addOutput("b")
        .addNodeBuilder()
        .setOpType("Add")
        .addInput("a")
        .addInput("a")
        .addOutput("b");
    return model.build();
  }

  private static Onnx.ModelProto nested(int depth) {
    Onnx.GraphProto body =
        ModelBuilder.seeded(1).node("Identity", "i", List.of("x"), List.of("b")).graph();
    for (int i = 1; i < depth; i++) {
      body =
          ModelBuilder.seeded(1)
              .node("If", "f", List.of("x"), List.of("o" + i), ModelBuilder.graph("g", body))
              .graph();
    }
    return image()
        .node("If", "f", List.of("x"), List.of("y"), ModelBuilder.graph("g", body))
        .build();
  }

  private static Onnx.ModelProto optionalInput() {
    return image().node("Clip", "c", List.of("x", "", "x"), List.of("y")).build();
  }

  private static Onnx.ModelProto emptyTensor() {
    return image()
        .initializer(ModelBuilder.floats("roi", new long[] {0}))
        .node("Resize", "r", List.of("x", "roi"), List.of("y"))
        .build();
  }

  private static Onnx.ModelProto read(Onnx.ModelProto model) {
    return ModelReader.read("net.onnx", model.toByteArray(), ExternalData.none()).model();
  }
}
