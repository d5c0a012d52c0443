package io.pare.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.pare.model.proto.Onnx;
import io.pare.model.proto.Onnx.TensorProto.DataType;
import io.pare.testing.ModelBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TensorsTest {

  @Test
  void everyHalfKeepsItsBitsThroughAFloat() {
    for (int bits = 0; bits < 0x10000; bits++) {
      short half = (short) bits;
      float value = Tensors.halfToFloat(half);
      if (Float.isNaN(value)) {
        assertThat(bits & 0x7fff).isGreaterThan(0x7c00);
        assertThat(Tensors.floatToHalf(value) & 0x7fff).isGreaterThan(0x7c00);
      } else if (Tensors.floatToHalf(value) != half) {
        assertThat(Tensors.floatToHalf(value)).as("half %04x", bits).isEqualTo(half);
      }
    }
  }

  /** IEEE 754: exponent e and mantissa m of a normal half are 2^(e-15) (1 + m/1024). */
  @Test
  void everyHalfHasTheValueThatItsFieldsSpell() {
    for (int bits = 0; bits < 0x7c00; bits++) {
      int exponent = bits >> 10;
      int mantissa = bits & 0x3ff;
      double expected =
          exponent == 0
              ? mantissa * Math.pow(2, -24)
              : (1 + mantissa / 1024.0) * Math.pow(2, exponent - 15);
      float positive = Tensors.halfToFloat((short) bits);
      float negative = Tensors.halfToFloat((short) (bits | 0x8000));
      if (positive != expected || -negative != expected) {
        assertThat(positive).as("half %04x", bits).isEqualTo((float) expected);
        assertThat(negative).as("half -%04x", bits).isEqualTo((float) -expected);
      }
    }
    assertThat(Tensors.halfToFloat((short) 0x7c00)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Tensors.halfToFloat((short) 0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
  }

  /** A midpoint goes to the even neighbour, anything off it to the nearer one. */
  @Test
  void everyMidpointBetweenHalvesRoundsToEven() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      float low = Tensors.halfToFloat((short) bits);
      float high = Tensors.halfToFloat((short) (bits + 1));
      float midpoint = (low + high) / 2;
      int even = (bits & 1) == 0 ? bits : bits + 1;
      boolean correct =
          Tensors.floatToHalf(midpoint) == even
              && Tensors.floatToHalf(Math.nextDown(midpoint)) == bits
              && Tensors.floatToHalf(Math.nextUp(midpoint)) == bits + 1;
      if (!correct) {
        assertThat(Tensors.floatToHalf(midpoint))
            .as("above half %04x", bits)
            .isEqualTo((short) even);
        assertThat(correct).as("beside the midpoint above half %04x", bits).isTrue();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "65504, 7bff",
    "65519.996, 7bff",
    "65520, 7c00",
    "1e30, 7c00",
    "-65520, fc00",
    "-0.0, 8000",
    "2.9802322e-8, 0000",
    "2.9802326e-8, 0001",
    "-2.9802326e-8, 8001",
    "1.4e-45, 0000",
    "1, 3c00"
  })
  void floatsRoundToTheNearestHalf(float value, String bits) {
    assertThat(Tensors.floatToHalf(value)).isEqualTo((short) Integer.parseInt(bits, 16));
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "FLOAT16", "DOUBLE"})
  void tensorsGiveBackWhatWasPutIn(DataType type) {
    float[] values = {0f, -1.5f, 3f, 0.25f, 1024f, -0f};
    Onnx.TensorProto tensor = Tensors.of("w", type, new long[] {2, 3}, values);

    assertThat(Tensors.floats(tensor)).containsExactly(values);
    assertThat(Tensors.dims(tensor)).containsExactly(2, 3);
    assertThat(Tensors.elements(tensor)).isEqualTo(6);
    assertThat(tensor.getName()).isEqualTo("w");
  }

  @Test
  void rawDataAreLittleEndian() {
    Onnx.TensorProto tensor = Tensors.of("w", DataType.FLOAT, new long[] {1}, new float[] {1f});

    assertThat(tensor.getRawData().toByteArray()).containsExactly(0, 0, (byte) 0x80, 0x3f);
  }

  @Test
  void typedFieldsAreDecoded() {
    assertThat(
            Tensors.floats(
                ModelBuilder.tensor("w", DataType.FLOAT, 2)
                    .addFloatData(1f)
                    .addFloatData(2f)
                    .build()))
        .containsExactly(1f, 2f);
    assertThat(
            Tensors.floats(ModelBuilder.tensor("w", DataType.DOUBLE, 1).addDoubleData(0.1).build()))
        .containsExactly(0.1f);
    assertThat(
            Tensors.floats(
                ModelBuilder.tensor("w", DataType.FLOAT16, 2)
                    .addInt32Data(0x3c00)
                    .addInt32Data(0xc000)
                    .build()))
        .containsExactly(1f, -2f);
    assertThat(
            Tensors.floats(
                ModelBuilder.tensor("w", DataType.BFLOAT16, 2)
                    .addInt32Data(0x3f80)
                    .addInt32Data(0xc000)
                    .build()))
        .containsExactly(1f, -2f);
  }

  @Test
  void rawBrainFloatsAreDecoded() {
    Onnx.TensorProto tensor =
        ModelBuilder.tensor("w", DataType.BFLOAT16, 1)
            .setRawData(ByteString.copyFrom(new byte[] {(byte) 0x80, 0x3f}))
            .build();

    assertThat(Tensors.floats(tensor)).containsExactly(1f);
  }

  @Test
  void scalarsHaveOneElementAndEmptyTensorsNone() {
    assertThat(Tensors.elements(ModelBuilder.floats("s", new long[0], 7f))).isEqualTo(1);
    assertThat(Tensors.floats(ModelBuilder.floats("s", new long[0], 7f))).containsExactly(7f);
    assertThat(Tensors.floats(ModelBuilder.floats("e", new long[] {2, 0}))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"NaN, 1", "Infinity, 1", "-Infinity, 1", "3.4e38, -1"})
  void theFirstValueThatIsNotFiniteIsFound(float value, int expected) {
    Onnx.TensorProto tensor = ModelBuilder.floats("w", new long[] {3}, 0f, value, Float.NaN);
    Onnx.TensorProto clean = ModelBuilder.floats("w", new long[] {3}, 0f, value, 1f);

    assertThat(Tensors.firstNotFinite(clean)).isEqualTo(expected);
    assertThat(Tensors.firstNotFinite(tensor)).isEqualTo(expected < 0 ? 2 : 1);
  }

  @Test
  void integersAreNotDecodedAsFloats() {
    Onnx.TensorProto tensor =
        ModelBuilder.tensor("shape", DataType.INT64, 1).addInt64Data(1).build();

    assertThat(Tensors.isFloat(tensor)).isFalse();
    assertThatThrownBy(() -> Tensors.floats(tensor))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tensor shape has no float data type: 7");
  }

  @Test
  void aTensorTakesAsManyValuesAsItHasElements() {
    assertThatThrownBy(() -> Tensors.of("w", DataType.FLOAT, new long[] {2}, new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor w of 2 elements cannot hold 3");
  }
}
