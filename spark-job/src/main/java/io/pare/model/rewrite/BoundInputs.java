package io.pare.model.rewrite;

import com.google.protobuf.ByteString;
import io.pare.InputException;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives inputs of a network a value: an initializer of the same name, which whoever runs the
 * network may override (ONNX, IR version 4). Stateless.
 */
public final class BoundInputs {
  private BoundInputs() {}

  /**
   * The network with values for some of its inputs; the same object for none.
   *
   * @param values by input, in row-major order, open dimensions counted as 1; one value serves all
   *     elements
   * @throws InputException for a name that is no input without a value, another number of values,
   *     or an input that takes no numbers
   */
  public static OnnxNetwork bind(OnnxNetwork network, Map<String, List<Double>> values) {
    if (values.isEmpty()) {
      return network;
    }
    Onnx.GraphProto.Builder graph = network.model().getGraph().toBuilder();
    values.forEach((name, its) -> graph.addInitializer(tensor(input(network, name), its)));
    return OnnxNetwork.of(network.model().toBuilder().setGraph(graph).build());
  }

  private static Onnx.ValueInfoProto input(OnnxNetwork network, String name) {
    List<Onnx.ValueInfoProto> inputs = network.inputs();
    return inputs.stream()
        .filter(input -> input.getName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                InputException.usage(
                    "inputs gives a value to "
                        + name
                        + ", but the inputs of the network are "
                        + inputs.stream().limit(5).map(Onnx.ValueInfoProto::getName).toList()));
  }

  private static Onnx.TensorProto tensor(Onnx.ValueInfoProto input, List<Double> values) {
    Onnx.TypeProto.Tensor type = input.getType().getTensorType();
    Onnx.TensorProto.Builder tensor =
        Onnx.TensorProto.newBuilder().setName(input.getName()).setDataType(type.getElemType());
    long elements = 1;
    for (Onnx.TensorShapeProto.Dimension dim : type.getShape().getDimList()) {
      long length = Math.max(1, dim.getDimValue());
      tensor.addDims(length);
      elements = Math.multiplyExact(elements, length);
    }
    if (values.size() != 1 && values.size() != elements) {
      throw InputException.usage(
          "inputs gives %d values to %s, which takes %d: %s (open dimensions count as 1); give as many, or one for all"
              .formatted(values.size(), input.getName(), elements, tensor.getDimsList()));
    }
    ByteBuffer raw = ByteBuffer.allocate(Math.toIntExact(Math.multiplyExact(Long.BYTES, elements)));
    raw.order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      double value = values.get(values.size() == 1 ? 0 : i);
      put(raw, type.getElemType(), value)
          .ifPresent(
              unknown -> {
                throw InputException.usage(
                    "inputs gives a value to " + input.getName() + ", which takes " + unknown);
              });
    }
    return tensor.setRawData(ByteString.copyFrom(raw.flip())).build();
  }

  /** Writes a value; the name of the type where it cannot be. */
  private static Optional<String> put(ByteBuffer raw, int type, double value) {
    switch (type) {
      case Onnx.TensorProto.DataType.FLOAT_VALUE -> raw.putFloat((float) value);
      case Onnx.TensorProto.DataType.FLOAT16_VALUE ->
          raw.putShort(Tensors.floatToHalf((float) value));
      case Onnx.TensorProto.DataType.DOUBLE_VALUE -> raw.putDouble(value);
      case Onnx.TensorProto.DataType.INT64_VALUE -> raw.putLong(Math.round(value));
      case Onnx.TensorProto.DataType.INT32_VALUE -> raw.putInt((int) Math.round(value));
      case Onnx.TensorProto.DataType.BOOL_VALUE -> raw.put((byte) (value == 0 ? 0 : 1));
      default -> {
        return Optional.of(String.valueOf(Onnx.TensorProto.DataType.forNumber(type)));
      }
    }
    return Optional.empty();
  }
}
