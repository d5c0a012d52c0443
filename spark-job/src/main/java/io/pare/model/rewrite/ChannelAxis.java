package io.pare.model.rewrite;

import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * The channels of one tensor, axis 1.
 *
 * @param rank dimensions of the tensor: 2 for vectors, more for feature maps
 * @param slots where {@link ChannelSlots} keeps each channel; channels that live and die together
 *     may share one
 */
@SuppressWarnings("ArrayRecordComponent")
record ChannelAxis(int rank, int[] slots) {

  /** Number of channels. */
  int size() {
    return slots.length;
  }

  /** The channels whose slots are in a set, ascending. */
  int[] among(BitSet live) {
    return IntStream.range(0, slots.length).filter(c -> live.get(slots[c])).toArray();
  }

  /** Whether an axis of an ONNX operator is this one. */
  boolean isAxis(long axis) {
    return axis == 1 || axis == 1 - rank;
  }
}
