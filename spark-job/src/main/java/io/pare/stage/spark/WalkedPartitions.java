package io.pare.stage.spark;

import java.io.Serializable;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.Dependency;
import org.apache.spark.OneToOneDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * Work on one item with the partition of another RDD, which it may walk as often as it needs: what
 * does not fit the memory of a task need not be held in it. Walks should find it on disk, persisted
 * by whoever calls this.
 */
public final class WalkedPartitions {
  private WalkedPartitions() {}

  /** What a task does; its fields travel. */
  public interface Work<A, B, R> extends Serializable {

    /**
     * Does the work.
     *
     * @param walks each gives a new walk over the partition
     */
    R on(A item, Supplier<java.util.Iterator<B>> walks);
  }

  /** What the items are, as the error is to tell it when one cannot be read. */
  public interface Subjects extends Serializable {

    /** The item of a partition. */
    String of(int partition);
  }

  /**
   * What the work gives for each partition, when it is asked for.
   *
   * @param items one in each partition
   * @param walked has as many partitions
   */
  public static <A, B, R> JavaRDD<R> of(
      JavaRDD<A> items, Subjects subjects, JavaRDD<B> walked, Work<A, B, R> work) {
    return new Walked<>(items.rdd(), subjects, walked.rdd(), work).toJavaRDD();
  }

  private record Pair(int index, Partition item, Partition walked) implements Partition {}

  private static final class Walked<A, B, R> extends RDD<R> {
    private static final long serialVersionUID = 1L;
    private final RDD<A> items;
    private final Subjects subjects;
    private final RDD<B> walked;
    private final Work<A, B, R> work;

    Walked(RDD<A> items, Subjects subjects, RDD<B> walked, Work<A, B, R> work) {
      super(
          items.context(),
          CollectionConverters.asScala(
                  List.<Dependency<?>>of(
                      new OneToOneDependency<>(items), new OneToOneDependency<>(walked)))
              .toSeq(),
          ClassTag$.MODULE$.apply(Object.class));
      this.items = items;
      this.subjects = subjects;
      this.walked = walked;
      this.work = work;
    }

    @Override
    public Iterator<R> compute(Partition split, TaskContext context) {
      Pair pair = (Pair) split;
      A item =
          TaskFailure.named(
              subjects.of(pair.index()), () -> items.iterator(pair.item(), context).next());
      R result =
          work.on(item, () -> CollectionConverters.asJava(walked.iterator(pair.walked(), context)));
      return CollectionConverters.asScala(List.of(result).iterator());
    }

    @Override
    public Partition[] getPartitions() {
      Partition[] partitions = new Partition[items.getNumPartitions()];
      for (int k = 0; k < partitions.length; k++) {
        partitions[k] = new Pair(k, items.partitions()[k], walked.partitions()[k]);
      }
      return partitions;
    }
  }
}
