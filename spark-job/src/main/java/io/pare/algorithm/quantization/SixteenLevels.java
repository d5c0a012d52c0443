package io.pare.algorithm.quantization;

import java.util.Arrays;

/**
 * Weights as codes of eight bits of which no more than sixteen differ, so that four bits tell them
 * apart. Which sixteen is chosen for each layer: the levels of least squared error by Lloyd's
 * iteration (IEEE Trans. Inf. Theory 28, 1982) on weights in units of their channel's scale, then
 * in turns the nearest level of each weight and the best scale of each channel. Stateless.
 */
final class SixteenLevels {
  private static final int LEVELS = 16;
  private static final int ROUNDS = 30;
  private static final int TURNS = 3;

  /** Weights that levels are found from: more were not seen to change them. */
  private static final int LOOKED_AT = 1 << 16;

  private SixteenLevels() {}

  /**
   * Finds the codes.
   *
   * @param least what the scale of each output channel may not fall below
   */
  static ChannelCodes of(ChannelCodes.Weights weights, double[] least) {
    float[] scales = new float[weights.channels()];
    for (int channel = 0; channel < scales.length; channel++) {
      scales[channel] =
          ChannelCodes.usable(
              Math.max(weights.largest(channel) / ChannelCodes.MOST, least[channel]));
    }
    byte[] levels = levels(sample(weights, scales));
    byte[] codes = new byte[weights.values().length];
    for (int turn = 0; turn < TURNS; turn++) {
      for (int channel = 0; channel < scales.length; channel++) {
        encode(weights, channel, scales[channel], levels, codes);
        if (turn < TURNS - 1) {
          double best = Math.max(weights.bestScaleFor(channel, codes), least[channel]);
          scales[channel] = best > 0 ? ChannelCodes.usable(best) : scales[channel];
        }
      }
    }
    return new ChannelCodes(scales, codes);
  }

  /** Weights in units of their channel's scale, evenly spread over the layer, ascending. */
  private static double[] sample(ChannelCodes.Weights weights, float[] scales) {
    int every = (weights.values().length + LOOKED_AT - 1) / LOOKED_AT;
    double[] sample = new double[(weights.values().length + every - 1) / every];
    for (int k = 0; k < sample.length; k++) {
      int at = k * every;
      sample[k] = weights.values()[at] / (double) scales[weights.channelOf(at)];
    }
    Arrays.sort(sample);
    return sample;
  }

  /** The levels of least squared error, ascending. */
  private static byte[] levels(double[] sorted) {
    double[] levels = new double[LEVELS];
    for (int k = 0; k < LEVELS; k++) {
      levels[k] = sorted[(int) ((k + 0.5) * sorted.length / LEVELS)];
    }
    for (int round = 0; round < ROUNDS; round++) {
      int at = 0;
      for (int k = 0; k < LEVELS; k++) {
        double end = k + 1 < LEVELS ? (levels[k] + levels[k + 1]) / 2 : Double.POSITIVE_INFINITY;
        double sum = 0;
        int count = 0;
        for (; at < sorted.length && sorted[at] <= end; at++) {
          sum += sorted[at];
          count++;
        }
        levels[k] = count > 0 ? sum / count : levels[k];
      }
    }
    byte[] rounded = new byte[LEVELS];
    for (int k = 0; k < LEVELS; k++) {
      rounded[k] =
          (byte) Math.max(-ChannelCodes.MOST, Math.min(ChannelCodes.MOST, Math.rint(levels[k])));
    }
    return rounded;
  }

  private static void encode(
      ChannelCodes.Weights weights, int channel, double scale, byte[] levels, byte[] codes) {
    double[] ends = new double[LEVELS - 1];
    for (int k = 0; k < ends.length; k++) {
      ends[k] = scale * (levels[k] + levels[k + 1]) / 2;
    }
    weights.forEach(
        channel,
        at -> {
          int place = Arrays.binarySearch(ends, weights.values()[at]);
          codes[at] = levels[place < 0 ? -place - 1 : place];
        });
  }
}
