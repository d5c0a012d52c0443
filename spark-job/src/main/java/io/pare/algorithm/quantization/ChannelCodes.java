package io.pare.algorithm.quantization;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Weights as whole numbers from -127 to 127, each output channel with a scale of its own and zero
 * at zero. The scale of a channel is the one, of a few near its largest weight, whose squared error
 * is least.
 *
 * @param scales of the output channels, above 0 and finite
 * @param codes in the order of the weights
 */
@SuppressWarnings("ArrayRecordComponent")
public record ChannelCodes(float[] scales, byte[] codes) {
  static final int MOST = 127;
  private static final double[] SHRINKS = {1, 0.97, 0.94, 0.9, 0.85, 0.8};

  /** Codes of a bias are of 32 bits; a quarter of them stays free for the sums. */
  private static final double MOST_OF_BIAS = 1 << 29;

  /**
   * Finds the codes.
   *
   * @param weights of the layer
   * @param bias of each output channel, to be held in units of its scale times the input's
   * @param inputScale distance of two codes of the layer's input
   */
  public static ChannelCodes of(Weights weights, float[] bias, float inputScale) {
    double[] leasts = leastScales(bias, inputScale);
    float[] scales = new float[weights.channels()];
    byte[] codes = new byte[weights.values().length];
    for (int channel = 0; channel < scales.length; channel++) {
      scales[channel] = usable(Math.max(weights.bestScale(channel), leasts[channel]));
      weights.encode(channel, scales[channel], codes);
    }
    return new ChannelCodes(scales, codes);
  }

  /** The same with no more than sixteen different codes, which four bits tell apart. */
  public static ChannelCodes ofSixteen(Weights weights, float[] bias, float inputScale) {
    return SixteenLevels.of(weights, leastScales(bias, inputScale));
  }

  /** A scale in single precision; 1 where it cannot be one, as of zeros. */
  static float usable(double scale) {
    float single = (float) scale;
    return single > 0 && Float.isFinite(single) ? single : 1;
  }

  /** Scales below which the codes of a bias leave their range. */
  private static double[] leastScales(float[] bias, float inputScale) {
    double[] leasts = new double[bias.length];
    for (int channel = 0; channel < leasts.length; channel++) {
      leasts[channel] = Math.abs(bias[channel]) / (MOST_OF_BIAS * inputScale);
    }
    return leasts;
  }

  /**
   * What a channel's output loses in the mean where codes take the place of weights.
   *
   * @param means of the inputs that the channel's weights meet, in the order of the weights
   */
  public double lostMean(Weights weights, int channel, double[] means) {
    double lost = 0;
    for (int i = 0, at = weights.first(channel); i < means.length; i++, at += weights.stride()) {
      lost += (weights.values()[at] - (double) scales[channel] * codes[at]) * means[i];
    }
    return lost;
  }

  /** The bias in units of the input's scale times the channel's. */
  public int[] bias(float[] bias, float inputScale) {
    int[] codes = new int[bias.length];
    for (int channel = 0; channel < codes.length; channel++) {
      codes[channel] = (int) Math.rint(bias[channel] / ((double) inputScale * scales[channel]));
    }
    return codes;
  }

  /**
   * Weights by output channel.
   *
   * @param values all of them, finite
   * @param channels output channels, a divisor of their number
   * @param stride of the values of one channel: 1 where a channel is a row, else {@code channels}
   */
  public record Weights(float[] values, int channels, int stride) {

    /** Weights whose output channels are rows: those of a convolution. */
    public static Weights rows(float[] values, int channels) {
      return new Weights(values, channels, 1);
    }

    /** Weights whose output channels are columns: those of a matrix that inputs multiply. */
    public static Weights columns(float[] values, int channels) {
      return new Weights(values, channels, channels);
    }

    private int length() {
      return values.length / channels;
    }

    private int first(int channel) {
      return stride == 1 ? channel * length() : channel;
    }

    /** The output channel of a weight. */
    int channelOf(int at) {
      return stride == 1 ? at / length() : at % channels;
    }

    /** Does something for the place of each weight of a channel. */
    void forEach(int channel, IntConsumer work) {
      for (int i = 0, at = first(channel); i < length(); i++, at += stride) {
        work.accept(at);
      }
    }

    /** The largest magnitude of a channel. */
    double largest(int channel) {
      double most = 0;
      for (int i = 0, at = first(channel); i < length(); i++, at += stride) {
        most = Math.max(most, Math.abs(values[at]));
      }
      return most;
    }

    /** The scale of least squared error for the codes of a channel; 0 where they are all zero. */
    double bestScaleFor(int channel, byte[] codes) {
      double product = 0;
      double energy = 0;
      for (int i = 0, at = first(channel); i < length(); i++, at += stride) {
        product += (double) values[at] * codes[at];
        energy += (double) codes[at] * codes[at];
      }
      return energy > 0 ? product / energy : 0;
    }

    private double bestScale(int channel) {
      double largest = largest(channel) / MOST;
      return Arrays.stream(SHRINKS)
          .map(shrink -> shrink * largest)
          .boxed()
          .min((a, b) -> Double.compare(squaredError(channel, a), squaredError(channel, b)))
          .orElseThrow();
    }

    private double squaredError(int channel, double scale) {
      double error = 0;
      for (int i = 0, at = first(channel); i < length(); i++, at += stride) {
        double lost = values[at] - scale * code(values[at], scale);
        error += lost * lost;
      }
      return error;
    }

    private void encode(int channel, double scale, byte[] codes) {
      for (int i = 0, at = first(channel); i < length(); i++, at += stride) {
        codes[at] = code(values[at], scale);
      }
    }

    private static byte code(float value, double scale) {
      double code = scale == 0 ? 0 : Math.rint(value / scale);
      return (byte) Math.max(-MOST, Math.min(MOST, code));
    }
  }
}
