package io.pare.model.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.pare.testing.Wire;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages that were encoded by hand, field number by field number, come out as what was meant. */
class OnnxTest {
  private static final Wire EMPTY = Wire.message();

  @Test
  void fieldsOfAModelAreFoundUnderTheirNumbers() throws InvalidProtocolBufferException {
    byte[] bytes =
        Wire.message()
            .number(1, 10)
            .text(2, "producer")
            .text(3, "2.1")
            .text(4, "domain")
            .number(5, -1)
            .text(6, "documentation")
            .part(7, Wire.message().text(2, "graph"))
            .part(8, Wire.message().text(1, "com.example").number(2, 3))
            .part(14, Wire.message().text(1, "key").text(2, "value"))
            .part(20, Wire.message().part(1, EMPTY).part(2, EMPTY).part(3, EMPTY).part(4, EMPTY))
            .part(25, Wire.message().text(1, "function"))
            .part(26, Wire.message().text(1, "rack").number(2, 2).text(3, "cpu", "gpu"))
            .bytes();
    Onnx.ModelProto model = Onnx.ModelProto.parseFrom(bytes);

    assertThat(model.getIrVersion()).isEqualTo(10);
    assertThat(model.getProducerName()).isEqualTo("producer");
    assertThat(model.getProducerVersion()).isEqualTo("2.1");
    assertThat(model.getDomain()).isEqualTo("domain");
    assertThat(model.getModelVersion()).isEqualTo(-1);
    assertThat(model.getDocString()).isEqualTo("documentation");
    assertThat(model.getGraph().getName()).isEqualTo("graph");
    assertThat(model.getOpsetImport(0).getDomain()).isEqualTo("com.example");
    assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(3);
    assertThat(model.getMetadataProps(0).getKey()).isEqualTo("key");
    assertThat(model.getMetadataProps(0).getValue()).isEqualTo("value");
    assertThat(model.getTrainingInfo(0).hasAlgorithm()).isTrue();
    assertThat(model.getFunctions(0).getName()).isEqualTo("function");
    assertThat(model.getConfiguration(0).getDeviceList()).containsExactly("cpu", "gpu");
    assertWhole(model, bytes);
  }

  @Test
  void fieldsOfAGraphAndItsNodesAreFoundUnderTheirNumbers() throws InvalidProtocolBufferException {
    Wire node =
        Wire.message()
            .text(1, "in", "")
            .text(2, "out")
            .text(3, "name")
            .text(4, "Conv")
            .part(5, Wire.message().text(1, "axis"))
            .text(6, "documentation")
            .text(7, "domain")
            .text(8, "overload")
            .part(9, Wire.message().text(1, "key"))
            .part(10, Wire.message().text(1, "rack").part(2, sharding()).number(3, 0));
    byte[] bytes =
        Wire.message()
            .part(1, node)
            .text(2, "graph")
            .part(5, Wire.message().text(8, "tensor"))
            .text(10, "documentation")
            .part(11, Wire.message().text(1, "in"))
            .part(12, Wire.message().text(1, "out").part(2, EMPTY).text(3, "").part(4, EMPTY))
            .part(13, Wire.message().text(1, "between"))
            .part(14, Wire.message().text(1, "in").part(2, Wire.message().text(1, "SCALE_TENSOR")))
            .part(15, Wire.message().part(1, EMPTY).part(2, EMPTY).number(3, 4, 5))
            .part(16, Wire.message().text(1, "key"))
            .bytes();
    Onnx.GraphProto graph = Onnx.GraphProto.parseFrom(bytes);

    assertThat(graph.getNode(0).getInputList()).containsExactly("in", "");
    assertThat(graph.getNode(0).getOutputList()).containsExactly("out");
    assertThat(graph.getNode(0).getName()).isEqualTo("name");
    assertThat(graph.getNode(0).getOpType()).isEqualTo("Conv");
    assertThat(graph.getNode(0).getAttribute(0).getName()).isEqualTo("axis");
    assertThat(graph.getNode(0).getDomain()).isEqualTo("domain");
    assertThat(graph.getNode(0).getOverload()).isEqualTo("overload");
    assertThat(graph.getNode(0).getDeviceConfigurations(0).hasPipelineStage()).isTrue();
    assertThat(graph.getInitializer(0).getName()).isEqualTo("tensor");
    assertThat(graph.getInput(0).getName()).isEqualTo("in");
    assertThat(graph.getOutput(0).getName()).isEqualTo("out");
    assertThat(graph.getValueInfo(0).getName()).isEqualTo("between");
    assertThat(graph.getSparseInitializer(0).getDimsList()).containsExactly(4L, 5L);
    assertThat(graph.getQuantizationAnnotation(0).getTensorName()).isEqualTo("in");
    assertWhole(graph, bytes);
  }

  private static Wire sharding() {
    Wire half = Wire.message().text(2, "N").number(3, 2);
    return Wire.message()
        .text(1, "in")
        .number(2, 0, 1)
        .part(3, Wire.message().number(1, -1).number(2, 0, 1))
        .part(4, Wire.message().number(1, 0).part(2, half));
  }

  @Test
  void fieldsOfAnAttributeAreFoundUnderTheirNumbers() throws InvalidProtocolBufferException {
    Wire tensor = Wire.message().text(8, "t");
    Wire graph = Wire.message().text(2, "g");
    byte[] bytes =
        Wire.message()
            .text(1, "name")
            .real(2, 0)
            .number(3, 0)
            .text(4, "")
            .part(5, tensor)
            .part(6, graph)
            .real(7, 1.5f, 0)
            .number(8, 3, -1)
            .text(9, "a", "")
            .part(10, tensor, tensor)
            .part(11, graph)
            .text(13, "documentation")
            .part(14, EMPTY)
            .part(15, EMPTY)
            .number(20, 7)
            .text(21, "outer")
            .part(22, EMPTY)
            .part(23, EMPTY)
            .bytes();
    Onnx.AttributeProto attribute = Onnx.AttributeProto.parseFrom(bytes);

    assertThat(attribute.hasF() && attribute.hasI() && attribute.hasS()).isTrue();
    assertThat(attribute.getT().getName()).isEqualTo("t");
    assertThat(attribute.getG().getName()).isEqualTo("g");
    assertThat(attribute.getFloatsList()).containsExactly(1.5f, 0f);
    assertThat(attribute.getIntsList()).containsExactly(3L, -1L);
    assertThat(attribute.getStringsCount()).isEqualTo(2);
    assertThat(attribute.getTensorsCount()).isEqualTo(2);
    assertThat(attribute.getGraphsCount()).isEqualTo(1);
    assertThat(attribute.getType()).isEqualTo(Onnx.AttributeProto.AttributeType.INTS);
    assertThat(attribute.getRefAttrName()).isEqualTo("outer");
    assertThat(attribute.hasTp() && attribute.hasSparseTensor()).isTrue();
    assertWhole(attribute, bytes);
  }

  @Test
  void fieldsOfATensorAreFoundUnderTheirNumbers() throws InvalidProtocolBufferException {
    byte[] bytes =
        Wire.message()
            .number(1, 2, 0)
            .number(2, 1)
            .part(3, Wire.message().number(1, 0).number(2, 1))
            .raw(4, Wire.littleEndian(0, 2.5f))
            .packed(5, 0, -1)
            .text(6, "text", "")
            .packed(7, 0, Long.MIN_VALUE)
            .text(8, "name")
            .raw(9, (byte) 1)
            .raw(10, new byte[Double.BYTES])
            .packed(11, -1)
            .text(12, "documentation")
            .part(13, Wire.message().text(1, "location").text(2, "file"))
            .number(14, 1)
            .part(16, EMPTY)
            .bytes();
    Onnx.TensorProto tensor = Onnx.TensorProto.parseFrom(bytes);

    assertThat(tensor.getDimsList()).containsExactly(2L, 0L);
    assertThat(tensor.getDataType()).isEqualTo(Onnx.TensorProto.DataType.FLOAT_VALUE);
    assertThat(tensor.getFloatDataList()).containsExactly(0f, 2.5f);
    assertThat(tensor.getInt32DataList()).containsExactly(0, -1);
    assertThat(tensor.getStringDataCount()).isEqualTo(2);
    assertThat(tensor.getInt64DataList()).containsExactly(0L, Long.MIN_VALUE);
    assertThat(tensor.getName()).isEqualTo("name");
    assertThat(tensor.getRawData().size()).isEqualTo(1);
    assertThat(tensor.getDoubleDataList()).containsExactly(0.0);
    assertThat(tensor.getUint64DataList()).containsExactly(-1L);
    assertThat(tensor.getExternalData(0).getValue()).isEqualTo("file");
    assertThat(tensor.getDataLocation()).isEqualTo(Onnx.TensorProto.DataLocation.EXTERNAL);
    assertWhole(tensor, bytes);
  }

  static Stream<Map.Entry<Onnx.TypeProto.ValueCase, Wire>> types() {
    Wire shape =
        Wire.message()
            .part(
                1,
                Wire.message().number(1, 0),
                Wire.message().text(2, ""),
                Wire.message().text(3, ""));
    Wire tensor = Wire.message().number(1, 1).part(2, shape);
    Wire inner = Wire.message().part(1, tensor);
    return Map.of(
        Onnx.TypeProto.ValueCase.TENSOR_TYPE, Wire.message().part(1, tensor),
        Onnx.TypeProto.ValueCase.SEQUENCE_TYPE,
            Wire.message().part(4, Wire.message().part(1, inner)),
        Onnx.TypeProto.ValueCase.MAP_TYPE,
            Wire.message().part(5, Wire.message().number(1, 7).part(2, inner)),
        Onnx.TypeProto.ValueCase.OPAQUE_TYPE,
            Wire.message().part(7, Wire.message().text(1, "d").text(2, "n")),
        Onnx.TypeProto.ValueCase.SPARSE_TENSOR_TYPE, Wire.message().part(8, tensor),
        Onnx.TypeProto.ValueCase.OPTIONAL_TYPE,
            Wire.message().part(9, Wire.message().part(1, inner)))
        .entrySet()
        .stream();
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyTypeIsFoundUnderItsNumber(Map.Entry<Onnx.TypeProto.ValueCase, Wire> type)
      throws InvalidProtocolBufferException {
    byte[] bytes = type.getValue().bytes();
    Onnx.TypeProto parsed = Onnx.TypeProto.parseFrom(bytes);

    assertThat(parsed.getValueCase()).isEqualTo(type.getKey());
    assertWhole(parsed, bytes);
  }

  @Test
  void fieldsOfAFunctionAreFoundUnderTheirNumbers() throws InvalidProtocolBufferException {
    byte[] bytes =
        Wire.message()
            .text(1, "name")
            .text(4, "in")
            .text(5, "out")
            .text(6, "alpha")
            .part(7, Wire.message().text(4, "Relu"))
            .text(8, "documentation")
            .part(9, Wire.message().text(1, "").number(2, 17))
            .text(10, "domain")
            .part(11, Wire.message().text(1, "beta"))
            .part(12, Wire.message().text(1, "between"))
            .text(13, "overload")
            .part(14, EMPTY)
            .bytes();
    Onnx.FunctionProto function = Onnx.FunctionProto.parseFrom(bytes);

    assertThat(function.getInputList()).containsExactly("in");
    assertThat(function.getOutputList()).containsExactly("out");
    assertThat(function.getAttributeList()).containsExactly("alpha");
    assertThat(function.getNode(0).getOpType()).isEqualTo("Relu");
    assertThat(function.getDomain()).isEqualTo("domain");
    assertThat(function.getAttributeProto(0).getName()).isEqualTo("beta");
    assertWhole(function, bytes);
  }

  @Test
  void whatALaterVersionWritesSurvives() throws InvalidProtocolBufferException {
    byte[] bytes =
        Wire.message().text(1, "name").number(20, 99).number(1000, 0).text(1001, "new").bytes();
    Onnx.AttributeProto attribute = Onnx.AttributeProto.parseFrom(bytes);

    assertThat(attribute.hasType()).isFalse();
    assertThat(attribute.getUnknownFields().asMap()).containsOnlyKeys(20, 1000, 1001);
    assertThat(attribute.toBuilder().setName("name").build().toByteArray()).isEqualTo(bytes);
  }

  /** Every field is known at every depth, and the message is written as it was read. */
  private static void assertWhole(Message message, byte[] bytes) {
    assertKnown(message);
    assertThat(message.toByteArray()).isEqualTo(bytes);
  }

  private static void assertKnown(Message message) {
    assertThat(message.getUnknownFields()).isEqualTo(UnknownFieldSet.getDefaultInstance());
    for (Object value : message.getAllFields().values()) {
      List<?> values = value instanceof List<?> list ? list : List.of(value);
      values.stream()
          .filter(Message.class::isInstance)
          .forEach(part -> assertKnown((Message) part));
    }
  }
}
