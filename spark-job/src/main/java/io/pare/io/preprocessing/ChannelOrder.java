package io.pare.io.preprocessing;

import java.util.Locale;

/** The order of the three channels in a tensor. */
public enum ChannelOrder {
  /** Red, green, blue. */
  RGB,
  /** Blue, green, red: what Caffe inherited from OpenCV. */
  BGR;

  /** The sample of a red, green, blue pixel that is channel {@code channel} of the tensor. */
  int sample(int channel) {
    return this == RGB ? channel : 2 - channel;
  }

  /** The name in a configuration: {@code rgb} or {@code bgr}. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
