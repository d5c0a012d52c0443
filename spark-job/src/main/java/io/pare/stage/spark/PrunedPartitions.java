package io.pare.stage.spark;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionPruningRDD;
import scala.runtime.AbstractFunction1;

/** Some partitions of an RDD: the others are never computed. */
public final class PrunedPartitions {
  private PrunedPartitions() {}

  /** The chosen partitions in ascending order, numbered anew from 0. */
  public static <T> JavaRDD<T> of(JavaRDD<T> rdd, Collection<Integer> partitions) {
    return PartitionPruningRDD.create(rdd.rdd(), new Wanted(new HashSet<>(partitions))).toJavaRDD();
  }

  private static final class Wanted extends AbstractFunction1<Object, Object>
      implements Serializable {
    private static final long serialVersionUID = 1L;
    private final HashSet<Integer> partitions;

    Wanted(Set<Integer> partitions) {
      this.partitions = new HashSet<>(partitions);
    }

    @Override
    public Object apply(Object partition) {
      return partitions.contains((Integer) partition);
    }
  }
}
