package io.pare.io.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of component, byte by byte: checkpoints of earlier versions stay readable. */
class RecordFormatTest {
  private static final String GOLDEN =
      "fffffffe0000010000000000bfe0000000000000010000000c4772c3b6c39f65"
          + "20f09f98800000000200000001ffffffff000000023ff80000000000007ff800"
          + "0000000000000000013e8000000000000207f900000001000000000000000300"
          + "00000200000001400000000000000000000000ffffffff010000000178000000"
          + "0000";

  enum Colour {
    RED,
    GREEN
  }

  sealed interface Shape {}

  record Circle(double radius) implements Shape {}

  record Square(int side) implements Shape {}

  @SuppressWarnings("ArrayRecordComponent")
  record Everything(
      int number,
      long large,
      double real,
      boolean yes,
      String text,
      int[] numbers,
      double[] reals,
      float[] floats,
      byte[] bytes,
      Colour colour,
      Shape shape,
      List<Shape> shapes,
      Optional<String> some,
      Optional<Square> none,
      List<List<Square>> empty) {}

  @SuppressWarnings("ArrayRecordComponent")
  record Numbers(int[] ints, double[] doubles, float[] floats, byte[] bytes) {}

  record Foreign(Duration duration) {}

  private static final Everything VALUE =
      new Everything(
          -2,
          1L << 40,
          -0.5,
          true,
          "Größe \uD83D\uDE00",
          new int[] {1, -1},
          new double[] {1.5, Double.NaN},
          new float[] {0.25f},
          new byte[] {7, -7},
          Colour.GREEN,
          new Square(3),
          List.of(new Circle(2), new Square(-1)),
          Optional.of("x"),
          Optional.empty(),
          List.of());

  @Test
  void everyKindOfComponentHasTheBytesItAlwaysHad() throws IOException {
    assertThat(HexFormat.of().formatHex(written(VALUE))).isEqualTo(GOLDEN);
  }

  @Test
  void everyKindOfComponentIsReadAsItWasWritten() throws IOException {
    byte[] bytes = HexFormat.of().parseHex(GOLDEN);
    Everything arrived = (Everything) read(bytes, Everything.class);
    assertThat(arrived).usingRecursiveComparison().ignoringFields("reals").isEqualTo(VALUE);
    // By bits: one of them is not a number.
    assertThat(Arrays.equals(arrived.reals(), VALUE.reals())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8191, 8192, 8193, 20_000})
  void arraysOfAnyLengthAreReadAsTheyWereWritten(int length) throws IOException {
    int[] ints = new int[length];
    Arrays.setAll(ints, k -> k * 31);
    double[] doubles = new double[length];
    Arrays.setAll(doubles, k -> k / 7.0);
    float[] floats = new float[length];
    byte[] bytes = new byte[length];
    for (int k = 0; k < length; k++) {
      floats[k] = k / 3f;
      bytes[k] = (byte) k;
    }
    Numbers value = new Numbers(ints, doubles, floats, bytes);

    byte[] all = written(value);

    assertThat(all).hasSize(16 + length * 17);
    assertThat(read(all, Numbers.class)).usingRecursiveComparison().isEqualTo(value);
  }

  @Test
  void aLengthOrAKindThatCannotBeIsDamage() {
    byte[] number = {0x7f, 0, 0, 0};
    for (Class<?> type : List.of(String.class, int[].class, byte[].class)) {
      assertThatThrownBy(() -> read(number, type))
          .isInstanceOf(DamagedException.class)
          .hasMessageContaining("a length of 2130706432 in a file of 4 bytes");
    }
    for (Class<?> type : List.of(Colour.class, Shape.class)) {
      assertThatThrownBy(() -> read(number, type))
          .isInstanceOf(DamagedException.class)
          .hasMessageContaining("number 2130706432 of 2 kinds");
    }
  }

  @Test
  void aTypeThatHasNoFormatIsRefused() {
    assertThatThrownBy(() -> written(new Foreign(Duration.ZERO)))
        .hasMessage("no checkpoint can hold a java.time.Duration");
    assertThatThrownBy(() -> read(new byte[8], long[].class))
        .hasMessageContaining("no checkpoint can hold a [J");
  }

  private static byte[] written(Record value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    RecordFormat.write(new DataOutputStream(bytes), value.getClass(), value);
    return bytes.toByteArray();
  }

  private static Object read(byte[] bytes, Class<?> type) throws IOException {
    return RecordFormat.read(
        new DataInputStream(new ByteArrayInputStream(bytes)), type, bytes.length);
  }
}
