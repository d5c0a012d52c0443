package io.pare.model;

/**
 * The padding of one axis that ONNX's auto_pad gives (Conv, auto_pad): as much as the windows reach
 * over the input, the odd row behind it, or before it with SAME_LOWER. VALID and NOTSET give none.
 *
 * @param before zeros in front of the input
 * @param after zeros behind it
 */
public record AutoPadding(long before, long after) {

  /**
   * The padding of an axis.
   *
   * @param autoPad ONNX's word
   * @param size length of the input
   * @param outputs number of windows
   * @param stride step between windows
   * @param extent from a window's first tap to its last, both included
   */
  public static AutoPadding of(String autoPad, long size, long outputs, long stride, long extent) {
    long total = autoPad.startsWith("SAME") ? (outputs - 1) * stride + extent - size : 0;
    long padding = Math.max(0, total);
    long before = (padding + (autoPad.equals("SAME_LOWER") ? 1 : 0)) / 2;
    return new AutoPadding(before, padding - before);
  }
}
