package io.pare.stage.layers;

import org.apache.spark.Partitioner;

/** Sends each block to the partition that its {@link SampleKey} names. */
final class ByPartition extends Partitioner {
  private static final long serialVersionUID = 1L;
  private final int partitions;

  ByPartition(int partitions) {
    this.partitions = partitions;
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object key) {
    return ((SampleKey) key).partition();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByPartition that && partitions == that.partitions;
  }

  @Override
  public int hashCode() {
    return partitions;
  }
}
