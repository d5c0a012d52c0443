package io.pare.model;

import com.google.protobuf.ByteString;
import io.pare.model.proto.Onnx;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * Decodes and encodes the dense tensors of an ONNX file (onnx.proto, TensorProto).
 *
 * <p>A tensor keeps its values either in raw_data, little-endian, or in the typed field of its data
 * type; 16-bit floats sit as bit patterns in int32_data. Values are row-major. Expects tensors that
 * {@code read.ModelReader} has passed: lengths are not checked again. Stateless, thread-safe.
 */
public final class Tensors {
  private static final int HALF_INFINITY = 0x7c00;
  private static final int HALF_QUIET_BIT = 0x200;

  /** Half of the distance from 65,504, the greatest half, to 65,536: from here on infinity. */
  private static final int FLOAT_HALF_OVERFLOW = 0x477ff000;

  private static final int FLOAT_SMALLEST_NORMAL_HALF = 0x38800000;
  private static final int FLOAT_INFINITY = 0x7f800000;

  /** Float exponents are biased by 127 and half exponents by 15. */
  private static final int REBIAS = (127 - 15) << 23;

  /** The values of one tensor, wherever it keeps them. */
  private interface Values {
    float at(int index);
  }

  private Tensors() {}

  /** Whether {@link #floats} can decode the tensor's data type. */
  public static boolean isFloat(Onnx.TensorProto tensor) {
    return switch (tensor.getDataType()) {
      case Onnx.TensorProto.DataType.FLOAT_VALUE,
          Onnx.TensorProto.DataType.FLOAT16_VALUE,
          Onnx.TensorProto.DataType.BFLOAT16_VALUE,
          Onnx.TensorProto.DataType.DOUBLE_VALUE ->
          true;
      default -> false;
    };
  }

  /** Whether {@link #of} gives back what {@link #floats} decodes: FLOAT and FLOAT16. */
  public static boolean isFloatOrHalf(Onnx.TensorProto tensor) {
    return tensor.getDataType() == Onnx.TensorProto.DataType.FLOAT_VALUE
        || tensor.getDataType() == Onnx.TensorProto.DataType.FLOAT16_VALUE;
  }

  /** The values of an INT64 tensor, or an INT32 one, row-major; empty for another type. */
  public static Optional<long[]> integers(Onnx.TensorProto tensor) {
    int count = Math.toIntExact(elements(tensor));
    boolean raw = !tensor.getRawData().isEmpty();
    ByteBuffer bytes =
        tensor.getRawData().asReadOnlyByteBuffer().slice().order(ByteOrder.LITTLE_ENDIAN);
    IntToLongFunction value;
    switch (tensor.getDataType()) {
      case Onnx.TensorProto.DataType.INT64_VALUE ->
          value = raw ? i -> bytes.getLong(Long.BYTES * i) : tensor::getInt64Data;
      case Onnx.TensorProto.DataType.INT32_VALUE ->
          value = raw ? i -> bytes.getInt(Integer.BYTES * i) : tensor::getInt32Data;
      default -> {
        return Optional.empty();
      }
    }
    return Optional.of(IntStream.range(0, count).mapToLong(value).toArray());
  }

  /**
   * The values of a FLOAT, FLOAT16, BFLOAT16 or DOUBLE tensor, row-major. Doubles are rounded to
   * the nearest float, and to infinity where they are beyond its range.
   *
   * @throws IllegalArgumentException for any other data type
   */
  public static float[] floats(Onnx.TensorProto tensor) {
    Values source = values(tensor);
    float[] values = new float[Math.toIntExact(elements(tensor))];
    for (int i = 0; i < values.length; i++) {
      values[i] = source.at(i);
    }
    return values;
  }

  /**
   * The index, row-major, of the first value that is not finite as a float; -1 if all are. Needs no
   * copy of the values.
   *
   * @throws IllegalArgumentException for a tensor that {@link #floats} does not take
   */
  public static int firstNotFinite(Onnx.TensorProto tensor) {
    Values source = values(tensor);
    int count = Math.toIntExact(elements(tensor));
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(source.at(i))) {
        return i;
      }
    }
    return -1;
  }

  private static Values values(Onnx.TensorProto tensor) {
    if (!isFloat(tensor)) {
      throw new IllegalArgumentException(
          "tensor " + tensor.getName() + " has no float data type: " + tensor.getDataType());
    }
    return tensor.getRawData().isEmpty() ? typedValues(tensor) : rawValues(tensor);
  }

  private static Values rawValues(Onnx.TensorProto tensor) {
    // Sliced, because raw data that alias the file start somewhere within their array.
    ByteBuffer raw =
        tensor.getRawData().asReadOnlyByteBuffer().slice().order(ByteOrder.LITTLE_ENDIAN);
    return switch (tensor.getDataType()) {
      case Onnx.TensorProto.DataType.FLOAT_VALUE -> i -> raw.getFloat(Float.BYTES * i);
      case Onnx.TensorProto.DataType.DOUBLE_VALUE -> i -> (float) raw.getDouble(Double.BYTES * i);
      case Onnx.TensorProto.DataType.FLOAT16_VALUE -> i -> halfToFloat(raw.getShort(2 * i));
      default -> i -> bfloatToFloat(raw.getShort(2 * i));
    };
  }

  private static Values typedValues(Onnx.TensorProto tensor) {
    return switch (tensor.getDataType()) {
      case Onnx.TensorProto.DataType.FLOAT_VALUE -> tensor::getFloatData;
      case Onnx.TensorProto.DataType.DOUBLE_VALUE -> i -> (float) tensor.getDoubleData(i);
      case Onnx.TensorProto.DataType.FLOAT16_VALUE ->
          i -> halfToFloat((short) tensor.getInt32Data(i));
      default -> i -> bfloatToFloat((short) tensor.getInt32Data(i));
    };
  }

  /** The dimensions, outermost first; empty for a scalar. */
  public static long[] dims(Onnx.TensorProto tensor) {
    long[] dims = new long[tensor.getDimsCount()];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = tensor.getDims(i);
    }
    return dims;
  }

  /**
   * The number of elements, 1 for a scalar.
   *
   * @throws ArithmeticException if the product of the dimensions is beyond a long
   */
  public static long elements(Onnx.TensorProto tensor) {
    long elements = 1;
    for (int i = 0; i < tensor.getDimsCount(); i++) {
      elements = Math.multiplyExact(elements, tensor.getDims(i));
    }
    return elements;
  }

  /**
   * A tensor with its values in raw_data, little-endian.
   *
   * @param type FLOAT, FLOAT16 (rounded to nearest, ties to even) or DOUBLE
   * @param dims as many elements as there are values
   * @throws IllegalArgumentException for another type or number of values
   */
  public static Onnx.TensorProto of(
      String name, Onnx.TensorProto.DataType type, long[] dims, float[] values) {
    Onnx.TensorProto.Builder tensor =
        Onnx.TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
    long elements = 1;
    for (long dim : dims) {
      tensor.addDims(dim);
      elements = Math.multiplyExact(elements, dim);
    }
    if (elements != values.length) {
      throw new IllegalArgumentException(
          "tensor " + name + " of " + elements + " elements cannot hold " + values.length);
    }
    return tensor.setRawData(ByteString.copyFrom(raw(type, values))).build();
  }

  /** A vector of INT64 with its values in raw_data, little-endian. */
  public static Onnx.TensorProto of(String name, long[] values) {
    ByteBuffer raw = ByteBuffer.allocate(Math.multiplyExact(Long.BYTES, values.length));
    raw.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return ofBytes(Onnx.TensorProto.DataType.INT64, new long[] {values.length}, raw.array())
        .toBuilder()
        .setName(name)
        .build();
  }

  /**
   * A tensor without a name from its raw data.
   *
   * @param raw its values, row-major and little-endian
   */
  public static Onnx.TensorProto ofBytes(Onnx.TensorProto.DataType type, long[] dims, byte[] raw) {
    Onnx.TensorProto.Builder tensor = Onnx.TensorProto.newBuilder().setDataType(type.getNumber());
    for (long dim : dims) {
      tensor.addDims(dim);
    }
    return tensor.setRawData(ByteString.copyFrom(raw)).build();
  }

  private static ByteBuffer raw(Onnx.TensorProto.DataType type, float[] values) {
    int width =
        switch (type) {
          case FLOAT -> Float.BYTES;
          case FLOAT16 -> Short.BYTES;
          case DOUBLE -> Double.BYTES;
          default -> throw new IllegalArgumentException("cannot write values as " + type);
        };
    ByteBuffer raw = ByteBuffer.allocate(Math.multiplyExact(width, values.length));
    raw.order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (type) {
        case FLOAT -> raw.putFloat(value);
        case FLOAT16 -> raw.putShort(floatToHalf(value));
        default -> raw.putDouble(value);
      }
    }
    return raw.flip();
  }

  private static float bfloatToFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The value of an IEEE 754 binary16 bit pattern; exact. */
  public static float halfToFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int magnitude = half & 0x7fff;
    if (magnitude >= HALF_INFINITY) {
      return Float.intBitsToFloat(sign | FLOAT_INFINITY | (magnitude & 0x3ff) << 13);
    }
    if (magnitude < 0x400) {
      return Math.copySign(magnitude * 0x1p-24f, Float.intBitsToFloat(sign));
    }
    return Float.intBitsToFloat(sign | ((magnitude << 13) + REBIAS));
  }

  /**
   * The IEEE 754 binary16 bit pattern nearest to a value, ties to even; 65,520 and beyond become
   * infinity.
   */
  public static short floatToHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > FLOAT_INFINITY) {
      return (short) (sign | HALF_INFINITY | HALF_QUIET_BIT | (magnitude >>> 13 & 0x3ff));
    }
    if (magnitude >= FLOAT_HALF_OVERFLOW) {
      return (short) (sign | HALF_INFINITY);
    }
    if (magnitude < FLOAT_SMALLEST_NORMAL_HALF) {
      return (short) (sign | (int) Math.rint(Math.abs((double) value) * 0x1p24));
    }
    int lastKeptBit = magnitude >>> 13 & 1;
    return (short) (sign | (magnitude - REBIAS + 0xfff + lastKeptBit) >>> 13);
  }
}
