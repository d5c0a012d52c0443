package io.pare.stage.layers;

import java.util.Comparator;

/**
 * The place of a block of samples: the partition of its layer group, then the order of the data
 * set, so that sums over a partition always run in one order.
 *
 * @param partition of the layer group
 * @param block of images
 * @param batch within the block
 */
public record SampleKey(int partition, int block, int batch) implements Comparable<SampleKey> {
  private static final Comparator<SampleKey> ORDER =
      Comparator.comparingInt(SampleKey::partition)
          .thenComparingInt(SampleKey::block)
          .thenComparingInt(SampleKey::batch);

  @Override
  public int compareTo(SampleKey other) {
    return ORDER.compare(this, other);
  }
}
