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

  /** The level, of 0 to 255, of a pixel in channel {@code channel} of the tensor. */
  int level(RgbImage image, int pixel, int channel) {
    byte[] samples = image.samples();
    int first = SAMPLES * pixel;
    return switch (this) {
      case RGB -> samples[first + channel] & 0xff;
      case BGR -> samples[first + 2 - channel] & 0xff;
      case GREY -> {
        int sum = 1 << (BITS - 1);
        for (int sample = 0; sample < SAMPLES; sample++) {
          sum += LUMA[sample] * (samples[first + sample] & 0xff);
        }
        yield sum >> BITS;
      }
    };
  }

  /** The name in a configuration: {@code rgb}, {@code bgr} or {@code grey}. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
