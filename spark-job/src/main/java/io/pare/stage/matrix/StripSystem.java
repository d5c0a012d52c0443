package io.pare.stage.matrix;

import io.pare.algorithm.dense.ConjugateGradients;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.LayerStatistics;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.statistics.SolvedTarget;
import io.pare.stage.spark.TaskRunner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.mllib.linalg.DenseMatrix;
import org.apache.spark.mllib.linalg.distributed.BlockMatrix;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * The system {@code T G = C} of a layer whose Gram matrix fits no task and that has too many
 * samples for their space. G is an exact product, cut into strips of some rows and all columns, a
 * BlockMatrix of one inner block: a product of it is one product for each strip, with nothing to
 * add up, and has the same bits wherever the strips lie. Some rows of T are solved at a time, by
 * conjugate gradients that start from the original weights: the driver holds a handful of matrices
 * of these rows, whatever the size of the layer.
 *
 * <p>MLlib's own product would send the strips to other executors for every step; here the other
 * factor, which is smaller, goes to the strips.
 */
final class StripSystem implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StripSystem.class);

  /** Entries of the rows that are solved together: 64 MB. */
  private static final int ENTRIES = 1 << 23;

  private final LayerProblem problem;
  private final TaskRunner tasks;
  private final ColumnBlocks.Cut cut;
  private final JavaRDD<Tuple2<Tuple2<Object, Object>, org.apache.spark.mllib.linalg.Matrix>> cross;
  private final BlockMatrix strips;
  private final double[] inputMean;
  private final double[] targetMean;
  private final double[] diagonal;
  private final double pull;

  private StripSystem(LayerProblem problem, TaskRunner tasks, ColumnBlocks columns) {
    this.problem = problem;
    this.tasks = tasks;
    cut = columns.cut();
    JavaRDD<Tuple2<Tuple2<Object, Object>, org.apache.spark.mllib.linalg.Matrix>> gram =
        columns.gram().persist(StorageLevel.DISK_ONLY());
    cross = columns.cross().persist(StorageLevel.DISK_ONLY());
    int ones = cut.columns();
    inputMean = mean(Blocks.column(gram, cut.inputs(), cut.inputs(), ones));
    targetMean = mean(Blocks.column(cross, cut.targets(), cut.inputs(), ones));
    diagonal = Arrays.copyOf(Blocks.diagonal(gram, cut.inputs()), ones);
    pull = ridge();
    Centre centre = new Centre(cut, inputMean, pull);
    strips =
        new BlockMatrix(
            JavaPairRDD.fromJavaRDD(gram)
                .mapToPair(block -> new Tuple2<>((Integer) block._1()._1(), block))
                .groupByKey(cut.inputs().blocks())
                .values()
                .flatMap(centre)
                .persist(StorageLevel.DISK_ONLY())
                .rdd(),
            cut.inputs().size(),
            ones,
            ones,
            ones);
    strips.blocks().toJavaRDD().foreach(strip -> {});
    gram.unpersist();
  }

  /**
   * Gathers the system and solves it.
   *
   * @param samples in one partition
   * @param problem of the layer group
   */
  static WideStatistics solve(
      JavaRDD<PairedBlock> samples, LayerProblem problem, TaskRunner tasks) {
    int rows = Math.max(1, ENTRIES / problem.shape().columns());
    try (ColumnBlocks columns = ColumnBlocks.spread(samples, problem.shape(), rows);
        StripSystem system = new StripSystem(problem, tasks, columns)) {
      return system.solve(JavaSparkContext.fromSparkContext(samples.context()));
    }
  }

  private WideStatistics solve(JavaSparkContext spark) {
    List<Broadcast<Samples>> parts = new ArrayList<>();
    int steps = 0;
    double residual = 0;
    ConjugateGradients gradients = new ConjugateGradients(rows -> product(spark, rows), diagonal);
    for (int block = 0; block < cut.targets().blocks(); block++) {
      Matrix weights = weights(block);
      ConjugateGradients.Solution solution = gradients.solve(right(block, weights), weights);
      steps = Math.max(steps, solution.steps());
      residual = Math.max(residual, solution.residual());
      if (!solution.isConverged()) {
        LOG.warn(
            "{}: conjugate gradients end after {} steps with a residual of {}",
            problem.name(),
            solution.steps(),
            solution.residual());
      }
      Matrix found = solution.rows();
      parts.add(spark.broadcast(new Samples(found.rows(), found.columns(), found.floats())));
    }
    LOG.info(
        "{}: {} x {} solved in {} strips, at most {} steps of conjugate gradients, residual {}",
        problem.name(),
        problem.shape().outputs(),
        cut.columns(),
        cut.inputs().blocks(),
        steps,
        residual);
    return new WideStatistics(
        WideStatistics.kept(
            spark
                .parallelize(List.of(parts.size()), 1)
                .map(new Join(new ArrayList<>(parts), pull))),
        parts);
  }

  private double[] mean(double[] sums) {
    double[] mean = sums.clone();
    for (int k = 0; k < mean.length; k++) {
      mean[k] /= cut.rows().length();
    }
    return mean;
  }

  /** Turns the diagonal of the product into that of G, and gives what the ridge adds to it. */
  private double ridge() {
    double trace = 0;
    for (int j = 0; j < cut.columns(); j++) {
      diagonal[j] = diagonal[j] / cut.rows().length() - inputMean[j] * inputMean[j];
      trace += diagonal[j];
    }
    double ridge = Math.max(problem.ridge() * trace / cut.columns(), Double.MIN_NORMAL);
    for (int j = 0; j < cut.columns(); j++) {
      diagonal[j] += ridge;
    }
    return ridge;
  }

  /** Rows of W. */
  private Matrix weights(int block) {
    int width = cut.targets().width(block);
    int columns = cut.columns();
    double[] values = new double[Math.multiplyExact(width, columns)];
    int first = Math.multiplyExact(cut.targets().first(block), columns);
    for (int k = 0; k < values.length; k++) {
      values[k] = problem.weights()[first + k];
    }
    return new Matrix(width, columns, values);
  }

  /** Rows of C. */
  private Matrix right(int block, Matrix weights) {
    Matrix right = Matrix.zeros(weights.rows(), weights.columns());
    int top = cut.targets().first(block);
    Blocks.read(
        cross.filter(new OfRow(block)).collect().iterator(),
        cut.targets(),
        cut.inputs(),
        (i, j, value) -> {
          if (j < right.columns()) {
            right.set(i - top, j, value / cut.rows().length() - targetMean[i] * inputMean[j]);
          }
        });
    return DenseAlgebra.combine(right, weights, pull);
  }

  /** {@code rows G}. */
  private Matrix product(JavaSparkContext spark, Matrix rows) {
    Broadcast<DenseMatrix> factor =
        spark.broadcast(new DenseMatrix(rows.columns(), rows.rows(), rows.values()));
    List<Tuple2<Integer, double[]>> products =
        strips.blocks().toJavaRDD().map(new Multiply(factor, problem.name(), tasks)).collect();
    factor.destroy();
    Matrix result = Matrix.zeros(rows.rows(), rows.columns());
    for (Tuple2<Integer, double[]> product : products) {
      int first = cut.inputs().first(product._1());
      int height = product._2().length / rows.rows();
      for (int i = 0; i < rows.rows(); i++) {
        System.arraycopy(
            product._2(), i * height, result.values(), i * rows.columns() + first, height);
      }
    }
    return result;
  }

  @Override
  public void close() {
    strips.blocks().unpersist(false);
    cross.unpersist();
  }

  private record OfRow(int row)
      implements Function<
          Tuple2<Tuple2<Object, Object>, org.apache.spark.mllib.linalg.Matrix>, Boolean> {
    @Override
    public Boolean call(
        Tuple2<Tuple2<Object, Object>, org.apache.spark.mllib.linalg.Matrix> block) {
      return (Integer) block._1()._1() == row;
    }
  }

  /** Puts the blocks of one row side by side and makes them a strip of G. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Centre(ColumnBlocks.Cut cut, double[] mean, double pull)
      implements FlatMapFunction<
          Iterable<Tuple2<Tuple2<Object, Object>, org.apache.spark.mllib.linalg.Matrix>>,
          Tuple2<Tuple2<Object, Object>, org.apache.spark.mllib.linalg.Matrix>> {
    @Override
    public Iterator<Tuple2<Tuple2<Object, Object>, org.apache.spark.mllib.linalg.Matrix>> call(
        Iterable<Tuple2<Tuple2<Object, Object>, org.apache.spark.mllib.linalg.Matrix>> blocks) {
      int place = (Integer) blocks.iterator().next()._1()._1();
      int first = cut.inputs().first(place);
      // The last row and column are those of the ones.
      int height = Math.min(cut.inputs().width(place), cut.columns() - first);
      if (height == 0) {
        return List.<Tuple2<Tuple2<Object, Object>, org.apache.spark.mllib.linalg.Matrix>>of()
            .iterator();
      }
      double[] values = new double[Math.multiplyExact(height, cut.columns())];
      Blocks.read(
          blocks.iterator(),
          cut.inputs(),
          cut.inputs(),
          (i, j, value) -> {
            if (i < cut.columns() && j < cut.columns()) {
              values[j * height + i - first] =
                  value / cut.rows().length() - mean[i] * mean[j] + (i == j ? pull : 0);
            }
          });
      return List.of(
              new Tuple2<>(
                  new Tuple2<Object, Object>(place, 0),
                  (org.apache.spark.mllib.linalg.Matrix)
                      new DenseMatrix(height, cut.columns(), values)))
          .iterator();
    }
  }

  /** The product of one strip: column after column, which are the rows of the whole product. */
  private record Multiply(Broadcast<DenseMatrix> factor, String name, TaskRunner tasks)
      implements Function<
          Tuple2<Tuple2<Object, Object>, org.apache.spark.mllib.linalg.Matrix>,
          Tuple2<Integer, double[]>> {
    @Override
    public Tuple2<Integer, double[]> call(
        Tuple2<Tuple2<Object, Object>, org.apache.spark.mllib.linalg.Matrix> strip) {
      return tasks.run(
          name + ", product of a strip",
          () ->
              new Tuple2<>(
                  (Integer) strip._1()._1(), strip._2().multiply(factor.value()).values()));
    }
  }

  /** Puts the rows of T together. */
  private record Join(ArrayList<Broadcast<Samples>> parts, double pull)
      implements Function<Integer, LayerStatistics> {
    @Override
    public LayerStatistics call(Integer count) {
      return new SolvedTarget(Samples.joined(parts.stream().map(Broadcast::value).toList()), pull);
    }
  }
}
