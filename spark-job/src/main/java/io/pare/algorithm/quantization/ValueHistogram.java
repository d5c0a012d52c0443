package io.pare.algorithm.quantization;

import java.io.Serializable;
import java.nio.FloatBuffer;

/**
 * How often the values of a tensor fall into equal parts of a range, and what they are in the mean
 * of each channel. All of it is whole numbers, so that sums of histograms of one range do not
 * depend on their order. Not thread-safe while values are added.
 *
 * @param range of all values, from its lower end in equal parts
 * @param counts of each part, at least one part
 * @param channelSums of each channel, at least one: the distances of its values from the lower end,
 *     in units of {@code range.width() / 2^24}; channels have equally many values
 */
@SuppressWarnings("ArrayRecordComponent")
public record ValueHistogram(ValueRange range, long[] counts, long[] channelSums)
    implements Serializable {
  private static final int PARTS = 2048;
  private static final int UNITS = 1 << 24;

  public ValueHistogram {
    if (counts.length == 0 || channelSums.length == 0) {
      throw new IllegalArgumentException("a histogram needs at least one part and one channel");
    }
  }

  /** No values yet. */
  public static ValueHistogram empty(ValueRange range, int channels) {
    return new ValueHistogram(range, new long[PARTS], new long[channels]);
  }

  /**
   * Counts values, read by index; those outside the range, in its first or last part.
   *
   * @param inner how many values of one channel follow each other before those of the next
   */
  public void add(FloatBuffer values, int inner) {
    double perValue = range.width() == 0 ? 0 : 1 / range.width();
    for (int at = 0, run = 0; at < values.capacity(); run++) {
      long sum = 0;
      for (int end = at + inner; at < end; at++) {
        double share = (values.get(at) - (double) range.low()) * perValue;
        share = Math.max(0, Math.min(1, share));
        counts[Math.min(counts.length - 1, (int) (share * counts.length))]++;
        sum += Math.round(share * UNITS);
      }
      channelSums[run % channelSums.length] += sum;
    }
  }

  /**
   * Adds the counts of another histogram to this one, which is returned.
   *
   * @throws IllegalArgumentException where the other is of another range
   */
  public ValueHistogram addAll(ValueHistogram other) {
    if (!range.equals(other.range)
        || counts.length != other.counts.length
        || channelSums.length != other.channelSums.length) {
      throw new IllegalArgumentException(
          "counts over " + other.range + " cannot be added to those over " + range);
    }
    for (int part = 0; part < counts.length; part++) {
      counts[part] += other.counts[part];
    }
    for (int channel = 0; channel < channelSums.length; channel++) {
      channelSums[channel] += other.channelSums[channel];
    }
    return this;
  }

  /** How many values have been counted. */
  long total() {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }

  /** The mean of the values of each channel, each off by no more than 2^-25 of the range. */
  public double[] channelMeans() {
    double each = Math.max(1, (double) total() / channelSums.length);
    double[] means = new double[channelSums.length];
    for (int channel = 0; channel < means.length; channel++) {
      means[channel] = range.low() + range.width() * (channelSums[channel] / each / UNITS);
    }
    return means;
  }

  /** The lower end of a part; of the part behind the last, the upper end of the range. */
  double edge(int part) {
    return range.low() + range.width() * part / counts.length;
  }
}
