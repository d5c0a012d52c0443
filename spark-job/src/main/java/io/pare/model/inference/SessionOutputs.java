package io.pare.model.inference;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import io.pare.InputException;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Copies what ONNX Runtime gave out of memory that is about to be freed. Stateless. */
final class SessionOutputs {
  private static final Set<OnnxJavaType> FLOATS =
      EnumSet.of(
          OnnxJavaType.FLOAT, OnnxJavaType.FLOAT16, OnnxJavaType.BFLOAT16, OnnxJavaType.DOUBLE);

  private SessionOutputs() {}

  /** The shapes of all tensors; the values are not copied. */
  static Map<String, long[]> shapes(OrtSession.Result result) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (Map.Entry<String, OnnxValue> entry : result) {
      if (entry.getValue().getInfo() instanceof TensorInfo info) {
        shapes.put(entry.getKey(), info.getShape());
      }
    }
    return shapes;
  }

  /**
   * The values of outputs; halves and doubles as floats.
   *
   * @throws InputException for an output that holds no floats
   */
  static Map<String, TensorData> values(OrtSession.Result result) {
    Map<String, TensorData> outputs = new LinkedHashMap<>();
    for (Map.Entry<String, OnnxValue> entry : result) {
      outputs.put(entry.getKey(), data(entry.getKey(), entry.getValue()));
    }
    return outputs;
  }

  /** The buffer is a copy on the heap already, in most versions of ONNX Runtime with an array. */
  private static float[] values(FloatBuffer buffer) {
    if (buffer.hasArray() && buffer.array().length == buffer.remaining()) {
      return buffer.array();
    }
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private static TensorData data(String name, OnnxValue value) {
    if (value instanceof OnnxTensor tensor) {
      long[] shape = tensor.getInfo().getShape();
      switch (tensor.getInfo().type) {
        case FLOAT, FLOAT16, BFLOAT16 -> {
          return new TensorData(shape, values(tensor.getFloatBuffer()));
        }
        case DOUBLE -> {
          DoubleBuffer buffer = tensor.getDoubleBuffer();
          float[] values = new float[buffer.remaining()];
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) buffer.get(i);
          }
          return new TensorData(shape, values);
        }
        default -> {}
      }
    }
    throw noFloats(name, value.getInfo());
  }

  /** The names of the outputs that {@link #values} can give, in their order. */
  static Set<String> floats(Map<String, NodeInfo> outputs) {
    Set<String> names = new LinkedHashSet<>();
    outputs.forEach(
        (name, node) -> {
          if (node.getInfo() instanceof TensorInfo tensor && FLOATS.contains(tensor.type)) {
            names.add(name);
          }
        });
    return names;
  }

  /** Refuses an output of a type that {@link #values} cannot give. */
  static void requireFloats(String name, ValueInfo info) {
    if (!(info instanceof TensorInfo tensor) || !FLOATS.contains(tensor.type)) {
      throw noFloats(name, info);
    }
  }

  private static InputException noFloats(String name, ValueInfo info) {
    return InputException.data(
        "network output " + name + " holds no floats: " + info + "; floats are needed");
  }
}
