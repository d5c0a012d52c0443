package io.pare.stage.layers;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.FactorSlice;
import io.pare.algorithm.statistics.InputSlice;
import io.pare.algorithm.statistics.InputSlices;
import io.pare.algorithm.statistics.SliceProducts;
import io.pare.stage.spark.FinishedPartitions;
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
  private final int threads;

  /**
   * Slices on executors.
   *
   * @param slices persisted, one a partition, in the order of their columns
   * @param threads of the native libraries in a task
   */
  DistributedSlices(JavaSparkContext spark, JavaRDD<InputSlice> slices, int threads) {
    this.spark = spark;
    this.slices = slices;
    this.threads = threads;
  }

  @Override
  public SliceProducts products() {
    InOrder sum = new InOrder();
    FinishedPartitions.run(
        slices.map(new MultiplySlice(threads)),
        IntStream.range(0, slices.getNumPartitions()).boxed().toList(),
        (place, products) -> sum.add(place, products.get(0)));
    return sum.sum.orElseThrow();
  }

  @Override
  public List<FactorSlice> factor(Matrix leading, Matrix coefficients) {
    Broadcast<Tuple2<Matrix, Matrix>> factors =
        spark.broadcast(new Tuple2<>(leading, coefficients));
    try {
      return slices.map(new FactorOfSlice(factors, threads)).collect();
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
    private final int threads;

    MultiplySlice(int threads) {
      this.threads = threads;
    }

    @Override
    public SliceProducts call(InputSlice slice) {
      DenseAlgebra.useThreads(threads);
      return slice.products();
    }
  }

  private static final class FactorOfSlice implements Function<InputSlice, FactorSlice> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<Tuple2<Matrix, Matrix>> factors;
    private final int threads;

    FactorOfSlice(Broadcast<Tuple2<Matrix, Matrix>> factors, int threads) {
      this.factors = factors;
      this.threads = threads;
    }

    @Override
    public FactorSlice call(InputSlice slice) {
      DenseAlgebra.useThreads(threads);
      return slice.factor(factors.value()._1(), factors.value()._2());
    }
  }
}
