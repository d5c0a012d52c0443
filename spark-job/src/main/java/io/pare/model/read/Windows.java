package io.pare.model.read;

import java.util.List;
import java.util.Set;

/** Checks the attributes that place a sliding window: kernel, strides, dilations, pads. */
final class Windows {
  /** No image has more pixels in one direction; products of two stay within an int. */
  static final int MAX_EXTENT = 32_767;

  private static final Set<String> AUTO_PADS =
      Set.of("NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID");

  private Windows() {}

  /**
   * Checks the window of a convolution or pooling node.
   *
   * @param kernel extent in each spatial direction; empty if unknown, then only values are checked
   */
  static void check(Attributes node, List<Long> kernel) {
    checkList(node, "kernel_shape", kernel, kernel.size(), 1);
    checkList(node, "strides", node.integers("strides"), kernel.size(), 1);
    checkList(node, "dilations", node.integers("dilations"), kernel.size(), 1);
    checkList(node, "pads", node.integers("pads"), 2 * kernel.size(), 0);
    String autoPad = node.text("auto_pad", "NOTSET");
    if (!AUTO_PADS.contains(autoPad)) {
      throw node.place()
          .defect("has auto_pad " + Place.quote(autoPad) + "; ONNX knows " + sorted(AUTO_PADS));
    }
  }

  private static List<String> sorted(Set<String> words) {
    return words.stream().sorted().toList();
  }

  private static void checkList(
      Attributes node, String name, List<Long> values, int length, long least) {
    for (int i = 0; i < values.size(); i++) {
      long value = values.get(i);
      if (value < least || value > MAX_EXTENT) {
        throw node.place()
            .defect(
                "has "
                    + value
                    + " in "
                    + name
                    + " at position "
                    + i
                    + "; it must be from "
                    + least
                    + " to "
                    + MAX_EXTENT);
      }
    }
    if (length > 0 && !values.isEmpty() && values.size() != length) {
      throw node.place()
          .defect("has " + values.size() + " values in " + name + "; its window takes " + length);
    }
  }
}
