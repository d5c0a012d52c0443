package io.pare.io.preprocessing;

import io.pare.io.image.RgbImage;
import java.io.Serializable;
import java.util.List;

/**
 * The second half of a preprocessing: grey levels to the network's numbers,
 *
 * <pre>value = (level * scale - mean[channel]) / std[channel]</pre>
 *
 * computed in double precision and rounded once.
 *
 * @param channels order of the channels in the tensor, and of mean and std
 * @param layout order of the dimensions
 * @param scale multiplier of a level of 0 to 255; finite and not 0
 * @param mean of the scaled levels, three finite values
 * @param std of the scaled levels, three finite values above 0
 */
public record Normalization(
    ChannelOrder channels, TensorLayout layout, double scale, List<Double> mean, List<Double> std)
    implements Serializable {
  private static final int CHANNELS = 3;
  private static final int LEVELS = 256;

  public Normalization {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (!Double.isFinite(scale) || scale == 0) {
      throw new IllegalArgumentException("scale must be finite and not 0, not " + scale);
    }
    if (mean.size() != CHANNELS || !mean.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("mean must be three finite numbers, not " + mean);
    }
    if (std.size() != CHANNELS || !std.stream().allMatch(s -> Double.isFinite(s) && s > 0)) {
      throw new IllegalArgumentException("std must be three numbers above 0, not " + std);
    }
  }

  /**
   * Writes one image as a tensor.
   *
   * @param target receives {@code width * height * 3} values from {@code offset} on
   */
  public void apply(RgbImage image, float[] target, int offset) {
    byte[] samples = image.samples();
    boolean planar = layout == TensorLayout.NCHW;
    int pixels = samples.length / CHANNELS;
    for (int channel = 0; channel < CHANNELS; channel++) {
      float[] values = valuesOfLevels(channel);
      int to = offset + (planar ? channel * pixels : channel);
      int step = planar ? 1 : CHANNELS;
      for (int from = channels.sample(channel); from < samples.length; from += CHANNELS) {
        target[to] = values[samples[from] & 0xff];
        to += step;
      }
    }
  }

  private float[] valuesOfLevels(int channel) {
    float[] values = new float[LEVELS];
    for (int level = 0; level < LEVELS; level++) {
      values[level] = (float) ((level * scale - mean.get(channel)) / std.get(channel));
    }
    return values;
  }
}
