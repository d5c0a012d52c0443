package io.pare.model.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.InputException;
import io.pare.testing.BadModels;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever the bytes are, the reader returns or throws its one error, and soon. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ModelReaderSweepTest {
  private static final byte[] VALID = BadModels.valid().toByteArray();

  @Test
  void everyTruncationIsRefusedUnlessOnlyTrailersAreLost() {
    int refused = 0;
    for (int length = 0; length < VALID.length; length++) {
      refused += isRefused(Arrays.copyOf(VALID, length)) ? 1 : 0;
    }
    // The opset import is the last field of the message and must be there.
    assertThat(refused).isEqualTo(VALID.length);
  }

  @Test
  void everyByteMayBeAnything() {
    int refused = 0;
    for (int value : new int[] {0x00, 0x7f, 0x80, 0xff}) {
      for (int i = 0; i < VALID.length; i++) {
        byte[] bytes = VALID.clone();
        bytes[i] = (byte) value;
        refused += isRefused(bytes) ? 1 : 0;
      }
    }
    // Most bytes are weights, where most values are as good as any other.
    assertThat(refused).isBetween(VALID.length / 2, 3 * VALID.length);
  }

  @Property(tries = 2000, seed = "1")
  void randomBytesAreHandled(@ForAll @Size(max = 200) byte[] bytes) {
    isRefused(bytes);
  }

  @Property(tries = 3000, seed = "2")
  void severalChangedBytesAreHandled(
      @ForAll @Size(value = 4) int[] places, @ForAll @Size(value = 4) byte[] values) {
    byte[] bytes = VALID.clone();
    for (int i = 0; i < places.length; i++) {
      bytes[Math.floorMod(places[i], bytes.length)] = values[i];
    }
    isRefused(bytes);
  }

  @Property(tries = 2000, seed = "3")
  void missingPiecesAreHandled(
      @ForAll @IntRange(max = 100_000) int start, @ForAll @IntRange(min = 1, max = 40) int length) {
    int from = start % VALID.length;
    int to = Math.min(VALID.length, from + length);
    byte[] bytes = new byte[VALID.length - (to - from)];
    System.arraycopy(VALID, 0, bytes, 0, from);
    System.arraycopy(VALID, to, bytes, from, VALID.length - to);
    isRefused(bytes);
  }

  /** Any error but the one that the reader promises fails the test that asks. */
  private static boolean isRefused(byte[] bytes) {
    try {
      ModelReader.read("net.onnx", bytes, ExternalData.none());
      return false;
    } catch (InputException e) {
      assertThat(e).message().matches("net\\.onnx: \\P{Cntrl}{1,700}");
      return true;
    }
  }
}
