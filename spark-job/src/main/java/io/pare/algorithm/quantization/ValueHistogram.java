package io.pare.algorithm.quantization;

import java.io.Serializable;
import java.nio.FloatBuffer;

/**
 * How often the values of a tensor fall into equal parts of a range. Counts are whole numbers, so
 * that sums of histograms of one range do not depend on their order. Not thread-safe while values
 * are added.
 *
 * @param range of all values, from its lower end in equal parts
 * @param counts of each part, at least one part
 */
@SuppressWarnings("ArrayRecordComponent")
public record ValueHistogram(ValueRange range, long[] counts) implements Serializable {
  private static final int PARTS = 2048;

  public ValueHistogram {
    if (counts.length == 0) {
      throw new IllegalArgumentException("a histogram needs at least one part");
    }
  }

  /** No values yet. */
  public static ValueHistogram empty(ValueRange range) {
    return new ValueHistogram(range, new long[PARTS]);
  }

  /** Counts values, read by index; those outside the range, in its first or last part. */
  public void add(FloatBuffer values) {
    double perValue = range.width() == 0 ? 0 : counts.length / range.width();
    for (int i = 0; i < values.capacity(); i++) {
      int part = (int) ((values.get(i) - (double) range.low()) * perValue);
      counts[Math.max(0, Math.min(counts.length - 1, part))]++;
    }
  }

  /**
   * Adds the counts of another histogram to this one, which is returned.
   *
   * @throws IllegalArgumentException where the other is of another range
   */
  public ValueHistogram addAll(ValueHistogram other) {
    if (!range.equals(other.range) || counts.length != other.counts.length) {
      throw new IllegalArgumentException(
          "counts over " + other.range + " cannot be added to those over " + range);
    }
    for (int part = 0; part < counts.length; part++) {
      counts[part] += other.counts[part];
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

  /** The lower end of a part; of the part behind the last, the upper end of the range. */
  double edge(int part) {
    return range.low() + range.width() * part / counts.length;
  }
}
