package io.pare.algorithm.admm;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.LayerShape;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Seeded problems with correlated inputs, small enough for slow independent solvers. */
final class SmallProblems {
  static final LayerShape POINTWISE = new LayerShape(6, 9, 1, 1);
  static final LayerShape SQUARE = new LayerShape(4, 3, 3, 3);
  static final LayerShape SPATIAL = new LayerShape(5, 4, 3, 2);

  static final AdmmSettings TIGHT = new AdmmSettings(1e-11, 1e-10, 20_000, 20, 25);

  private SmallProblems() {}

  static Regression regression(LayerShape shape, long seed) {
    int d = shape.columns();
    Matrix mixing = normal(d, d, seed);
    for (int k = 0; k < d * d; k++) {
      mixing.values()[k] /= 1 + k / d;
    }
    Matrix values = DenseAlgebra.multiply(normal(500, d, seed + 1), mixing);
    float[] floats = new float[values.values().length];
    for (int k = 0; k < floats.length; k++) {
      floats[k] = (float) values.values()[k];
    }
    Samples x = new Samples(500, d, floats);
    Matrix weights = normal(shape.outputs(), d, seed + 2);
    Moments.Accumulator accumulator = new Moments.Accumulator(d, shape.outputs());
    accumulator.add(x, x.transformed(weights, new double[shape.outputs()]));
    return Regression.of(shape, weights, accumulator.moments(), 1e-2);
  }

  /** Penalties under which both components are present. */
  static Penalties balanced(ExtendedAdmm admm, double share) {
    LayerShape shape = admm.regression().shape();
    double weight = GroupPenalty.weight(admm.groups(), shape);
    double least = weight / Math.sqrt(admm.matricisation().largestGroupRank(admm.groups(), shape));
    double greatest = weight * Math.sqrt(admm.groups().count(shape));
    return IntStream.rangeClosed(1, 9)
        .mapToDouble(place -> least * Math.pow(greatest / least, place / 10.0))
        .mapToObj(ratio -> onRay(admm, ratio, share))
        .filter(penalties -> hasBoth(solve(admm, penalties)))
        .findFirst()
        .orElseThrow();
  }

  /** Penalties of a ratio, relative to those at which both components are zero. */
  static Penalties onRay(ExtendedAdmm admm, double ratio, double share) {
    double zero = Math.max(admm.largestSparsePenalty(), admm.largestLowRankPenalty() / ratio);
    return new Penalties(1.01 * share * zero, 1.01 * share * ratio * zero);
  }

  /** The solution from zero, nearly to rounding. */
  static AdmmSolution solve(ExtendedAdmm admm, Penalties penalties) {
    return admm.solve(penalties, Optional.empty(), TIGHT);
  }

  private static boolean hasBoth(AdmmSolution solution) {
    return solution.support().size() > 0 && solution.rank() > 0;
  }

  static Work unlimited() {
    return new Work(Double.POSITIVE_INFINITY);
  }

  static Matrix normal(int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Matrix matrix = Matrix.zeros(rows, columns);
    for (int k = 0; k < rows * columns; k++) {
      matrix.values()[k] = random.nextGaussian();
    }
    return matrix;
  }

  static double distance(Matrix a, Matrix b) {
    return Residuals.norm(DenseAlgebra.subtract(a, b));
  }

  /** {@code l(M) = 1/2 tr(M G M^T) - tr(C M^T)}. */
  static double loss(Regression regression, Matrix m) {
    return 0.5 * DenseAlgebra.inner(DenseAlgebra.multiply(m, regression.gram()), m)
        - DenseAlgebra.inner(regression.cross(), m);
  }

  /** {@code sum_g w_g ||A_g||_F}. */
  static double norm(Groups groups, LayerShape shape, Matrix matrix) {
    return GroupPenalty.weight(groups, shape) * Arrays.stream(groups.norms(matrix, shape)).sum();
  }

  /** The proximal map of a nuclear norm that remembers nothing yet. */
  static NuclearPenalty nuclear(Matricisation matricisation, LayerShape shape, double lambda) {
    return new NuclearPenalty(
        matricisation, shape, lambda, new SingularSide(unlimited()), unlimited());
  }

  /** All singular values of a rearranged matrix, descending. */
  static double[] singularValues(Matricisation matricisation, LayerShape shape, Matrix matrix) {
    Matrix x = matricisation.unfold(matrix, shape);
    Matrix gram =
        x.rows() <= x.columns()
            ? DenseAlgebra.multiplyTransposed(x, x)
            : DenseAlgebra.transposeMultiply(x, x);
    return Arrays.stream(Eigen.of(gram).values()).map(v -> Math.sqrt(Math.max(0, v))).toArray();
  }
}
