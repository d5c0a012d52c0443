package io.pare.stage.layers;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.FactorSlice;
import io.pare.algorithm.statistics.InputSlice;
import io.pare.algorithm.statistics.InputSlices;
import io.pare.algorithm.statistics.SliceProducts;
import io.pare.stage.spark.FinishedPartitions;
import io.pare.stage.spark.TaskRunner;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * The slices of a layer on the executors, one a partition. The driver adds up the products in the
 * order of the columns, whatever order they arrive in: what is early waits, so the bits do not
 * depend on the executors.
 */
final class DistributedSlices implements InputSlices {
  private final JavaSparkContext spark;
  private final JavaRDD<InputSlice> slices;
  private final TaskRunner tasks;

  /**
   * Slices on executors.
   *
   * @param slices persisted, one a partition, in the order of their columns
   * @param tasks that the products run in
   */
  DistributedSlices(JavaSparkContext spark, JavaRDD<InputSlice> slices, TaskRunner tasks) {
    this.spark = spark;
    this.slices = slices;
    this.tasks = tasks;
  }

  @Override
  public SliceProducts products() {
    InOrder sum = new InOrder();
    FinishedPartitions.run(
        slices.map(new MultiplySlice(tasks)),
        IntStream.range(0, slices.getNumPartitions()).boxed().toList(),
        (place, products) -> sum.add(place, products.get(0)));
    return sum.sum.orElseThrow();
  }

  @Override
  public List<FactorSlice> factor(Matrix leading, Matrix coefficients) {
    Broadcast<Tuple2<Matrix, Matrix>> factors =
        spark.broadcast(new Tuple2<>(leading, coefficients));
    try {
      return slices.map(new FactorOfSlice(factors, tasks)).collect();
    } finally {
      factors.destroy();
    }
  }

  /** A sum whose terms are added in order; only the handing-over thread touches it. */
  private static final class InOrder {
    private final TreeMap<Integer, SliceProducts> early = new TreeMap<>();
    private Optional<SliceProducts> sum = Optional.empty();
    private int next;

    void add(int place, SliceProducts products) {
      early.put(place, products);
      while (early.containsKey(next)) {
        SliceProducts term = early.remove(next++);
        sum = Optional.of(sum.map(before -> before.plus(term)).orElse(term));
      }
    }
  }

  private static final class MultiplySlice implements Function<InputSlice, SliceProducts> {
    private static final long serialVersionUID = 1L;
    private final TaskRunner tasks;

    MultiplySlice(TaskRunner tasks) {
      this.tasks = tasks;
    }

    @Override
    public SliceProducts call(InputSlice slice) {
      return tasks.run("products of a slice of columns", slice::products);
    }
  }

  private static final class FactorOfSlice implements Function<InputSlice, FactorSlice> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<Tuple2<Matrix, Matrix>> factors;
    private final TaskRunner tasks;

    FactorOfSlice(Broadcast<Tuple2<Matrix, Matrix>> factors, TaskRunner tasks) {
      this.factors = factors;
      this.tasks = tasks;
    }

    @Override
    public FactorSlice call(InputSlice slice) {
      return tasks.run(
          "factors of a slice of columns",
          () -> slice.factor(factors.value()._1(), factors.value()._2()));
    }
  }
}
