package io.pare.model.gradient;

import io.pare.model.proto.Onnx;
import io.pare.testing.ModelBuilder;
import java.util.Arrays;

/** Initializers of integers. */
final class Indices {
  private Indices() {}

  /** A vector. */
  static Onnx.TensorProto of(String name, long... values) {
    return ModelBuilder.tensor(name, Onnx.TensorProto.DataType.INT64, values.length)
        .addAllInt64Data(Arrays.stream(values).boxed().toList())
        .build();
  }

  /** A scalar. */
  static Onnx.TensorProto scalar(String name, long value) {
    return ModelBuilder.tensor(name, Onnx.TensorProto.DataType.INT64).addInt64Data(value).build();
  }
}
