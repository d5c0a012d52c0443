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
 * @param channels of the tensor, in their order, which is that of mean and std
 * @param layout order of the dimensions
 * @param scale multiplier of a level of 0 to 255; finite and not 0
 * @param mean of the scaled levels, a finite value for each channel
 * @param std of the scaled levels, a finite value above 0 for each channel
 */
public record Normalization(
    ChannelOrder channels, TensorLayout layout, double scale, List<Double> mean, List<Double> std)
    implements Serializable {
  private static final int LEVELS = 256;

  public Normalization {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (!Double.isFinite(scale) || scale == 0) {
      throw new IllegalArgumentException("scale must be finite and not 0, not " + scale);
    }
    boolean one = channels.count() == 1;
    if (mean.size() != channels.count() || !mean.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException(
          "mean must be %s, not %s"
              .formatted(one ? "one finite number" : "three finite numbers", mean));
    }
    if (std.size() != channels.count()
        || !std.stream().allMatch(s -> Double.isFinite(s) && s > 0)) {
      throw new IllegalArgumentException(
          "std must be %s above 0, not %s".formatted(one ? "one number" : "three numbers", std));
    }
  }

  /**
   * Writes one image as a tensor.
   *
   * @param target receives {@code width * height} values of each channel from {@code offset} on
   */
  public void apply(RgbImage image, float[] target, int offset) {
    boolean planar = layout == TensorLayout.NCHW;
    int pixels = image.width() * image.height();
    for (int channel = 0; channel < channels.count(); channel++) {
      int first = offset + (planar ? channel * pixels : channel);
      int step = planar ? 1 : channels.count();
      channels.write(image, channel, valuesOfLevels(channel), target, first, step);
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
