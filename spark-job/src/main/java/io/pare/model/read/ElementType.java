package io.pare.model.read;

import io.pare.model.proto.Onnx;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The data types of ONNX tensors up to IR version 13 and where their values are kept (onnx.proto,
 * TensorProto.DataType and the comments of its data fields). The protobuf classes know fewer types
 * than the numbers here.
 */
enum ElementType {
  FLOAT(1, 32, Field.FLOAT_DATA),
  UINT8(2, 8, Field.INT32_DATA),
  INT8(3, 8, Field.INT32_DATA),
  UINT16(4, 16, Field.INT32_DATA),
  INT16(5, 16, Field.INT32_DATA),
  INT32(6, 32, Field.INT32_DATA),
  INT64(7, 64, Field.INT64_DATA),
  STRING(8, 0, Field.STRING_DATA),
  BOOL(9, 8, Field.INT32_DATA),
  FLOAT16(10, 16, Field.INT32_DATA),
  DOUBLE(11, 64, Field.DOUBLE_DATA),
  UINT32(12, 32, Field.UINT64_DATA),
  UINT64(13, 64, Field.UINT64_DATA),
  COMPLEX64(14, 64, Field.FLOAT_DATA),
  COMPLEX128(15, 128, Field.DOUBLE_DATA),
  BFLOAT16(16, 16, Field.INT32_DATA),
  FLOAT8E4M3FN(17, 8, Field.INT32_DATA),
  FLOAT8E4M3FNUZ(18, 8, Field.INT32_DATA),
  FLOAT8E5M2(19, 8, Field.INT32_DATA),
  FLOAT8E5M2FNUZ(20, 8, Field.INT32_DATA),
  UINT4(21, 4, Field.INT32_DATA),
  INT4(22, 4, Field.INT32_DATA),
  FLOAT4E2M1(23, 4, Field.INT32_DATA),
  FLOAT8E8M0(24, 8, Field.INT32_DATA),
  UINT2(25, 2, Field.INT32_DATA),
  INT2(26, 2, Field.INT32_DATA);

  /** A typed field of TensorProto. */
  enum Field {
    FLOAT_DATA,
    INT32_DATA,
    STRING_DATA,
    INT64_DATA,
    DOUBLE_DATA,
    UINT64_DATA;

    /** How many values the tensor keeps in this field. */
    int count(Onnx.TensorProto tensor) {
      return switch (this) {
        case FLOAT_DATA -> tensor.getFloatDataCount();
        case INT32_DATA -> tensor.getInt32DataCount();
        case STRING_DATA -> tensor.getStringDataCount();
        case INT64_DATA -> tensor.getInt64DataCount();
        case DOUBLE_DATA -> tensor.getDoubleDataCount();
        case UINT64_DATA -> tensor.getUint64DataCount();
      };
    }
  }

  private static final Map<Integer, ElementType> BY_NUMBER =
      Arrays.stream(values()).collect(Collectors.toMap(type -> type.number, Function.identity()));

  private final int number;
  private final int bits;
  private final Field field;

  ElementType(int number, int bits, Field field) {
    this.number = number;
    this.bits = bits;
    this.field = field;
  }

  /** The type with a number of TensorProto.DataType; empty for UNDEFINED and unknown ones. */
  static Optional<ElementType> of(int number) {
    return Optional.ofNullable(BY_NUMBER.get(number));
  }

  /** The number of this type in TensorProto.DataType. */
  int number() {
    return number;
  }

  /** The typed field for values of this type. */
  Field field() {
    return field;
  }

  /** Whether values may be kept as bytes, in raw_data or in another file. */
  boolean hasRawForm() {
    return this != STRING;
  }

  /** Bytes of raw_data for a number of elements; types below 8 bits are packed. */
  long rawBytes(long elements) {
    return (elements * bits + 7) / 8;
  }

  /** Entries of the typed field for a number of elements: two for a complex number. */
  long fieldEntries(long elements) {
    if (this == COMPLEX64 || this == COMPLEX128) {
      return 2 * elements;
    }
    return bits > 0 && bits < 8 ? rawBytes(elements) : elements;
  }
}
