package io.pare.io.preprocessing;

import java.util.Locale;

/** The order of a tensor's dimensions. */
public enum TensorLayout {
  /** Image, channel, row, column: PyTorch, Caffe and most ONNX networks. */
  NCHW,
  /** Image, row, column, channel: TensorFlow. */
  NHWC;

  /** The name in a configuration: {@code nchw} or {@code nhwc}. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
