package io.pare.io.preprocessing;

import io.pare.io.image.RgbImage;
import java.util.Locale;

/** The channels of a tensor, in their order. */
public enum ChannelOrder {
  /** Red, green, blue. */
  RGB(3),
  /** Blue, green, red: what Caffe inherited from OpenCV. */
  BGR(3),
  /** One channel: the luma of the three, as Pillow's mode L has it (ITU-R BT.601). */
  GREY(1);

  private static final int SAMPLES = 3;
  // The shares of red, green and blue in 2^16 parts, which Pillow rounds to the nearest level.
  private static final int[] LUMA = {19_595, 38_470, 7_471};
  private static final int BITS = 16;

  private final int count;

  ChannelOrder(int count) {
    this.count = count;
  }

  /** How many channels there are: 3 or 1. */
  public int count() {
    return count;
  }

  /**
   * Writes what the levels of one channel of the tensor stand for, pixel by pixel.
   *
   * @param values of the levels, 256
   * @param to where the first goes in {@code target}
   * @param step from each to the next
   */
  void write(RgbImage image, int channel, float[] values, float[] target, int to, int step) {
    byte[] samples = image.samples();
    int next = to;
    if (this == GREY) {
      for (int first = 0; first < samples.length; first += SAMPLES) {
        target[next] = values[luma(samples, first)];
        next += step;
      }
      return;
    }
    for (int k = this == RGB ? channel : SAMPLES - 1 - channel; k < samples.length; k += SAMPLES) {
      target[next] = values[samples[k] & 0xff];
      next += step;
    }
  }

  private static int luma(byte[] samples, int first) {
    int sum = 1 << (BITS - 1);
    for (int sample = 0; sample < SAMPLES; sample++) {
      sum += LUMA[sample] * (samples[first + sample] & 0xff);
    }
    return sum >> BITS;
  }

  /** The name in a configuration: {@code rgb}, {@code bgr} or {@code grey}. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
