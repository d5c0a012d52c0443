package io.pare.algorithm.statistics;

import io.pare.algorithm.dense.Cholesky;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.LayerShape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The linear least-squares problem of one layer in the data's metric (algorithm.md section 2): find
 * M in some structure close to the target T = C G^-1, where closeness is {@code tr((M - T) G (M -
 * T)^T)}.
 *
 * <p>G and C carry a ridge relative to {@code trace(G) / d} that pulls M towards the original
 * weights W: it makes G positive definite even with dead channels or fewer samples than columns.
 * Immutable, thread-safe.
 */
public final class Regression {
  private final Metric metric;
  private final Matrix original;
  private final Matrix cross;
  private final Lazy<Matrix> target;
  private final double[] targetMean;

  private Regression(Metric metric, Outputs outputs) {
    this.metric = metric;
    original = outputs.original();
    cross = outputs.cross();
    target =
        new Lazy<>(() -> DenseAlgebra.requireFinite(outputs.target().get(), "regression target"));
    targetMean = outputs.targetMean();
  }

  /**
   * A value that takes long and may not be needed: it is computed when it is first asked for.
   * Thread-safe.
   *
   * @param <T> the value
   */
  private static final class Lazy<T> {
    private final Supplier<T> how;
    private Optional<T> value = Optional.empty();

    Lazy(Supplier<T> how) {
      this.how = how;
    }

    synchronized T get() {
      if (value.isEmpty()) {
        value = Optional.of(how.get());
      }
      return value.get();
    }
  }

  /**
   * What the inputs decide.
   *
   * @param gram G with ridge; empty for the identity, which is written down for none but those who
   *     ask for it
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Metric(LayerShape shape, Optional<Gram> gram, double pull, double[] inputMean) {

    Metric of(LayerShape other) {
      return new Metric(other, gram, pull, inputMean);
    }

    /** a G. */
    Matrix times(Matrix a) {
      return gram.map(its -> DenseAlgebra.multiply(a, its.matrix())).orElse(a);
    }

    /** c G^-1. */
    Matrix solved(Matrix c) {
      return gram.map(its -> its.factor().get().solveRows(c)).orElse(c);
    }
  }

  /** G, with a factor for those fits that solve with it. */
  private record Gram(Matrix matrix, Lazy<Cholesky> factor) {
    static Gram of(Matrix matrix) {
      return new Gram(matrix, new Lazy<>(() -> new Cholesky(matrix)));
    }
  }

  /**
   * What the target decides, row by row.
   *
   * @param target T, which many a fit does without
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Outputs(
      Matrix original, Matrix cross, Supplier<Matrix> target, double[] targetMean) {}

  /**
   * The problem that moments pose.
   *
   * @param shape of the layer, or of one group of it
   * @param original W, n x d
   * @param moments of inputs and targets
   * @param ridge relative to {@code trace(G) / d}, above 0; 1e-3 is a start
   */
  public static Regression of(LayerShape shape, Matrix original, Moments moments, double ridge) {
    return ridged(shape, original, moments, pull(moments, ridge));
  }

  /**
   * The problem that moments pose whose solution is known.
   *
   * @param shape of the layer, or of one group of it
   * @param original W, n x d
   * @param ridge that it was solved with
   */
  public static Regression of(
      LayerShape shape, Matrix original, SolvedMoments solved, double ridge) {
    Moments moments = solved.moments();
    double pull = pull(moments, ridge);
    return new Regression(
        metric(shape, moments, pull),
        new Outputs(
            original,
            DenseAlgebra.combine(moments.cross(), original, pull),
            solved::target,
            moments.targetMean()));
  }

  private static double pull(Moments moments, double ridge) {
    if (!(ridge > 0)) {
      throw new IllegalArgumentException("the ridge must be above 0, not " + ridge);
    }
    return ridge * Math.max(meanDiagonal(moments.gram()), Double.MIN_NORMAL / ridge);
  }

  /**
   * The same with the ridge as it is.
   *
   * @param pull what is added to the diagonal of G, above 0
   */
  public static Regression ridged(LayerShape shape, Matrix original, Moments moments, double pull) {
    Metric metric = metric(shape, moments, pull);
    Matrix cross = DenseAlgebra.combine(moments.cross(), original, pull);
    return new Regression(
        metric, new Outputs(original, cross, () -> metric.solved(cross), moments.targetMean()));
  }

  private static Metric metric(LayerShape shape, Moments moments, double pull) {
    int d = shape.columns();
    Matrix gram = moments.gram().copy();
    for (int k = 0; k < d; k++) {
      gram.values()[k * d + k] += pull;
    }
    return new Metric(shape, Optional.of(Gram.of(gram)), pull, moments.inputMean());
  }

  /**
   * The problem of the weights alone: the metric is that of the entries of M (G = I), so that the
   * fits are those of a singular value decomposition of W, and the bias stays.
   *
   * @param shape of the layer, or of one group of it
   * @param original W, n x d, which is the target too
   * @param bias n entries
   */
  public static Regression ofWeights(LayerShape shape, Matrix original, double[] bias) {
    return new Regression(
        new Metric(shape, Optional.empty(), 0, new double[shape.columns()]),
        new Outputs(original, original, () -> original, bias));
  }

  /**
   * The same inputs with another target.
   *
   * @param crossMoments C of the target without ridge, n x d
   * @param mean of the target, n entries
   */
  public Regression withTarget(Matrix crossMoments, double[] mean) {
    Matrix ridged = DenseAlgebra.combine(crossMoments, original, metric.pull());
    return new Regression(metric, new Outputs(original, ridged, () -> metric.solved(ridged), mean));
  }

  /**
   * The same inputs with the original layer's outputs for them as the target: W itself is the best
   * M without any structure. Needs no samples, since the target is linear in the inputs.
   *
   * @param bias of the original layer, n entries
   */
  public Regression projecting(double[] bias) {
    double[] mean = bias.clone();
    for (int i = 0; i < mean.length; i++) {
      for (int j = 0; j < metric.inputMean().length; j++) {
        mean[i] += original.at(i, j) * metric.inputMean()[j];
      }
    }
    return new Regression(
        metric, new Outputs(original, metric.times(original), () -> original, mean));
  }

  /** What is left to fit when A is there already: the target less A. */
  public Regression minus(Matrix a) {
    return new Regression(
        metric,
        new Outputs(
            original,
            DenseAlgebra.subtract(cross, metric.times(a)),
            () -> DenseAlgebra.subtract(target(), a),
            targetMean));
  }

  /** The problem of some of the outputs. */
  public Regression outputs(int[] rows) {
    LayerShape part = shape().withOutputs(rows.length);
    return new Regression(
        metric.of(part),
        new Outputs(
            original.rows(rows),
            cross.rows(rows),
            () -> target().rows(rows),
            Arrays.stream(rows).mapToDouble(row -> targetMean[row]).toArray()));
  }

  /**
   * The problem of some of the input channels, the others left out.
   *
   * @param channels ascending, at least one
   */
  public Regression inputs(int[] channels) {
    int[] columns = shape().columns(channels);
    Metric part =
        new Metric(
            new LayerShape(
                shape().outputs(), channels.length, shape().kernelHeight(), shape().kernelWidth()),
            Optional.of(Gram.of(gram().rows(columns).columns(columns))),
            metric.pull(),
            Arrays.stream(columns).mapToDouble(column -> metric.inputMean()[column]).toArray());
    Matrix itsCross = cross.columns(columns);
    return new Regression(
        part,
        new Outputs(original.columns(columns), itsCross, () -> part.solved(itsCross), targetMean));
  }

  /**
   * The same problem of a fully connected layer, neighbouring inputs taken as one channel.
   *
   * @param size inputs of a channel, a divisor of their number
   */
  public Regression grouped(int size) {
    if (shape().columns() % size != 0) {
      throw new IllegalArgumentException(shape() + " has no channels of " + size + " columns");
    }
    LayerShape grouped = new LayerShape(shape().outputs(), shape().columns() / size, 1, size);
    return new Regression(
        metric.of(grouped), new Outputs(original, cross, this::target, targetMean));
  }

  private static double meanDiagonal(Matrix gram) {
    double trace = 0;
    for (int k = 0; k < gram.rows(); k++) {
      trace += gram.at(k, k);
    }
    return trace / gram.rows();
  }

  /** Means of the inputs, d entries. */
  public double[] inputMean() {
    return metric.inputMean();
  }

  /** Means of the target, n entries. */
  public double[] targetMean() {
    return targetMean;
  }

  /** The shape of W. */
  public LayerShape shape() {
    return metric.shape();
  }

  /** G with ridge, d x d. */
  public Matrix gram() {
    return metric.gram().map(Gram::matrix).orElseGet(() -> Matrix.identity(shape().columns()));
  }

  /** What the ridge has added to the diagonal of G: no eigenvalue lies below it. */
  public double ridge() {
    return metric.pull();
  }

  /** C with ridge, n x d. */
  public Matrix cross() {
    return cross;
  }

  /** T = C G^-1, n x d: the best M without any structure. */
  public Matrix target() {
    return target.get();
  }

  /** b^ = mu_u - M mu_x, the best bias for M. */
  public double[] bias(Matrix m) {
    double[] bias = targetMean.clone();
    for (int i = 0; i < m.rows(); i++) {
      for (int j = 0; j < m.columns(); j++) {
        bias[i] -= m.at(i, j) * metric.inputMean()[j];
      }
    }
    return bias;
  }

  /** Components with the best bias for their sum. */
  public Approximation completed(List<Component> components) {
    Matrix kernel = new Approximation(components, targetMean).matrix(shape());
    DenseAlgebra.requireFinite(kernel, "fitted kernel");
    return new Approximation(components, bias(kernel));
  }

  /** {@code tr((M - T) G (M - T)^T)}: the mean squared error that M adds to that of T. */
  public double excessError(Matrix m) {
    Matrix difference = DenseAlgebra.subtract(m, target());
    return DenseAlgebra.inner(metric.times(difference), difference);
  }
}
