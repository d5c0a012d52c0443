package io.pare.algorithm.wide;

import io.pare.algorithm.dense.Cholesky;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.fit.ActivationRounds;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.InputScreen;
import io.pare.algorithm.fit.TargetRule;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.OutputError;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.algorithm.statistics.SampleProducts;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.statistics.SolvedTarget;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * Fits a layer with more inputs than samples in the channel form, exactly as {@link
 * io.pare.algorithm.fit.GramFits} does, but in the space of the N samples: neither G (d x d) nor T
 * (n x d) is there. For structures with kept inputs T is written down, see {@link TargetFits}.
 *
 * <p>With X (N x d) and U (N x n) centred, {@code G = X^T X / N + p I} and {@code C = U^T X / N + p
 * W}, Woodbury's identity gives {@code T = C G^-1 = W + A^T X}, where {@code A = (X X^T + N p I)^-1
 * (U - X W^T)}. The fitted outputs are {@code X T^T = X W^T + X X^T A}, and the energy that the
 * channel form decomposes is {@code T G T^T = (X T^T)^T U / N + p (W W^T + A^T X W^T)}. Matrices
 * are held transposed, n x N. Cost: N^2 (N / 3 + 2 n) for each target and an n x n
 * eigendecomposition; the columns are only touched where a first factor is written. Not
 * thread-safe.
 */
public final class SampleSpaceFits implements GramlessFits {
  private final LayerProblem problem;
  private final Fitting basis;
  private final SampleProducts products;
  private final Supplier<Iterator<PairedBlock>> blocks;
  private final SampleBlock outputs;
  private final int count;
  private final double pull;
  private final Matrix fitProjections;
  private final Cholesky factor;
  private Optional<TargetFits> explicit = Optional.empty();

  /**
   * Prepares the fits.
   *
   * @param basis the weights alone, or else linear
   * @param products of the samples that {@code blocks} walks
   * @param blocks gives a walk over the samples, as often as it is asked
   */
  public SampleSpaceFits(
      LayerProblem problem,
      Fitting basis,
      SampleProducts products,
      Supplier<Iterator<PairedBlock>> blocks) {
    this.basis = basis;
    this.problem = problem;
    this.products = products;
    this.blocks = blocks;
    List<SampleBlock> responses = new ArrayList<>();
    blocks.get().forEachRemaining(block -> responses.add(block.outputs()));
    outputs = SampleBlock.joined(responses);
    count = products.fitCount();
    int all = outputs.fit().rows() + outputs.heldOut().rows();
    if (products.gram().rows() != all || count != outputs.fit().rows()) {
      throw new IllegalArgumentException(
          products.gram() + " does not belong to " + count + " of " + all + " samples");
    }
    fitProjections = block(products.projections(), problem.shape().outputs(), count);
    double trace = 0;
    for (int k = 0; k < count; k++) {
      trace += products.gram().at(k, k);
    }
    pull = Math.max(problem.ridge() * trace / count / problem.shape().columns(), Double.MIN_NORMAL);
    Matrix ridged = block(products.gram(), count, count);
    for (int k = 0; k < count; k++) {
      ridged.set(k, k, ridged.at(k, k) + Math.max(count * pull, Double.MIN_NORMAL));
    }
    factor = new Cholesky(ridged);
  }

  @Override
  public LayerShape shape() {
    return problem.shape();
  }

  @Override
  public List<Judged> judged(List<Structure.Sum> structures) {
    if (haveKeptInputs(structures)) {
      return explicit().judged(structures);
    }
    Target target = target(structures);
    List<Judged> judged = new ArrayList<>();
    for (Structure.Sum structure : structures) {
      double error = target.at(rank(structure)).error(outputs.heldOut(), count);
      judged.add(Judged.of(structure, error));
    }
    return judged;
  }

  @Override
  public List<Approximation> fits(List<Structure.Sum> structures) {
    if (haveKeptInputs(structures)) {
      return explicit().fits(structures);
    }
    Target target = target(structures);
    return structures.stream().map(each -> target.at(rank(each)).approximation()).toList();
  }

  private Target target(List<Structure.Sum> structures) {
    int rank = structures.stream().mapToInt(SampleSpaceFits::rank).max().orElse(0);
    return basis == Fitting.WEIGHTS ? weights(rank) : data(outputs.fit(), rank);
  }

  @Override
  public Refit refit(Structure.Sum structure, Fitting fitting) {
    if (haveKeptInputs(List.of(structure))) {
      return explicit().refit(structure, fitting);
    }
    int rank = rank(structure);
    ActivationRounds.Result refit = rounds(structure, fitting);
    Iterate projection = projected(rank).at(rank);
    double error = projection.error(outputs.heldOut(), count);
    return refit.error() < error
        ? new Refit(refit.approximation(), refit.error(), true)
        : new Refit(projection.approximation(), error, false);
  }

  /** The fit to the outputs before the activation or after it. */
  ActivationRounds.Result rounds(Structure.Sum structure, Fitting fitting) {
    int rank = rank(structure);
    return ActivationRounds.run(data(outputs.fit(), rank).at(rank), problem, fitting);
  }

  /**
   * The original weights in a structure, as close as the metric of the inputs allows.
   *
   * @param structure the channel form alone
   */
  public Approximation projection(Structure.Sum structure) {
    int rank = rank(structure);
    return projected(rank).at(rank).approximation();
  }

  @Override
  public Optional<InputScreen> screen() {
    return Optional.of(explicit());
  }

  private static boolean haveKeptInputs(List<Structure.Sum> structures) {
    return structures.stream().anyMatch(its -> its.support().hasInputs());
  }

  /** The fits to T = W + A^T X. */
  private TargetFits explicit() {
    if (explicit.isEmpty()) {
      Matrix centred = centred(outputs.fit(), new double[problem.shape().outputs()]);
      Matrix target = FirstFactor.of(problem.matrix(), corrections(centred), blocks.get()).values();
      SolvedTarget solved =
          new SolvedTarget(new Samples(target.rows(), target.columns(), target.floats()), pull);
      explicit = Optional.of(TargetFits.of(problem, solved, blocks));
    }
    return explicit.orElseThrow();
  }

  /** A^T. */
  private Matrix corrections(Matrix centred) {
    return factor.solveRows(DenseAlgebra.subtract(centred, fitProjections));
  }

  private static int rank(Structure.Sum structure) {
    if (structure.support().isEmpty() && structure.lowRank().form() == Form.CHANNEL) {
      return structure.lowRank().ranks()[0];
    }
    throw new IllegalArgumentException(structure.label() + " cannot be fitted in the sample space");
  }

  /** The best M for given outputs: C G^-1. */
  private Target data(Samples wanted, int rank) {
    double[] mean = new double[wanted.columns()];
    Matrix centred = centred(wanted, mean);
    Matrix corrections = corrections(centred);
    Matrix fitted =
        DenseAlgebra.combine(
            products.projections(),
            DenseAlgebra.multiply(
                corrections, block(products.gram(), count, products.gram().columns())),
            1);
    Matrix weights =
        DenseAlgebra.combine(
            products.weightEnergy(),
            DenseAlgebra.multiplyTransposed(corrections, fitProjections),
            1);
    Matrix energy = DenseAlgebra.multiplyTransposed(block(fitted, fitted.rows(), count), centred);
    return new Target(energy(energy, weights), rank, corrections, fitted, mean, noShift());
  }

  /** W itself, in the metric of the data: the original layer's outputs for these inputs. */
  private Target projected(int rank) {
    double[] mean = problem.bias().clone();
    for (int i = 0; i < mean.length; i++) {
      mean[i] += products.weightsOnMean().at(i, 0);
    }
    Matrix energy = DenseAlgebra.multiplyTransposed(fitProjections, fitProjections);
    return new Target(
        energy(energy, products.weightEnergy()),
        rank,
        noCorrections(),
        products.projections(),
        mean,
        noShift());
  }

  /** W itself, in the metric of its entries; the bias stays. */
  private Target weights(int rank) {
    return new Target(
        products.weightEnergy(),
        rank,
        noCorrections(),
        products.projections(),
        problem.bias(),
        products.weightsOnMean());
  }

  private Matrix energy(Matrix samples, Matrix weights) {
    Matrix mean =
        DenseAlgebra.combine(Matrix.zeros(samples.rows(), samples.columns()), samples, 1.0 / count);
    return DenseAlgebra.combine(mean, weights, pull);
  }

  private Matrix noCorrections() {
    return Matrix.zeros(problem.shape().outputs(), count);
  }

  private Matrix noShift() {
    return Matrix.zeros(problem.shape().outputs(), 1);
  }

  /** What is decomposed: T = W + A^T X and what it makes of the samples. */
  private final class Target {
    private final Matrix vectors;
    private final Matrix corrections;
    private final Matrix fitted;
    private final double[] mean;
    private final Matrix shift;

    /**
     * A target.
     *
     * @param energy n x n, whose leading eigenvectors span the outputs of every rank
     * @param most the highest rank that is asked for
     * @param corrections A^T, n x N
     * @param fitted T X^T, n x all samples
     * @param mean of the outputs
     * @param shift what is projected like the outputs and joins their mean, n x 1
     */
    Target(
        Matrix energy, int most, Matrix corrections, Matrix fitted, double[] mean, Matrix shift) {
      vectors = Eigen.leading(energy.symmetricPart(), most).vectors();
      this.corrections = corrections;
      this.fitted = fitted;
      this.mean = mean;
      this.shift = shift;
    }

    Iterate at(int rank) {
      Matrix leading = vectors.firstRows(rank);
      double[] its = mean.clone();
      Matrix shifted = projected(leading, shift);
      for (int i = 0; i < its.length; i++) {
        its[i] += shifted.at(i, 0);
      }
      return new Iterate(
          leading, DenseAlgebra.multiply(leading, corrections), projected(leading, fitted), its);
    }

    private static Matrix projected(Matrix leading, Matrix outputs) {
      return DenseAlgebra.transposeMultiply(leading, DenseAlgebra.multiply(leading, outputs));
    }
  }

  /** The fit of one rank to one target. */
  private final class Iterate implements ActivationRounds.Iterate {
    private final Matrix leading;
    private final Matrix coefficients;
    private final Matrix predictions;
    private final double[] mean;

    Iterate(Matrix leading, Matrix coefficients, Matrix predictions, double[] mean) {
      this.leading = leading;
      this.coefficients = coefficients;
      this.predictions = predictions;
      this.mean = mean;
    }

    double error(Samples original, int first) {
      OutputError sum = new OutputError(problem.activation());
      sum.add(original, predicted(original.rows(), first));
      return sum.relative();
    }

    @Override
    public ActivationRounds.Measured measured(OptionalDouble penalty) {
      return new ActivationRounds.Measured(
          error(outputs.fit(), 0),
          error(outputs.heldOut(), count),
          () -> data(target(penalty.orElseThrow()), leading.rows()).at(leading.rows()));
    }

    /** The target that the present fit leads to. */
    private Samples target(double penalty) {
      return TargetRule.apply(
          problem.activation(),
          penalty,
          outputs.fit().behind(problem.activation()),
          predicted(count, 0));
    }

    @Override
    public Approximation approximation() {
      FirstFactor first =
          FirstFactor.of(
              FirstFactor.ofWeights(leading, problem.kernel()), coefficients, blocks.get());
      double[] onMean = first.onMean();
      double[] bias = mean.clone();
      for (int q = 0; q < onMean.length; q++) {
        for (int i = 0; i < bias.length; i++) {
          bias[i] -= leading.at(q, i) * onMean[q];
        }
      }
      return new Approximation(
          List.of(Component.Factors.of(Form.CHANNEL, first.values(), leading.transposed())), bias);
    }

    private Samples predicted(int rows, int first) {
      float[] values = new float[rows * mean.length];
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < mean.length; j++) {
          values[i * mean.length + j] = (float) (predictions.at(j, first + i) + mean[j]);
        }
      }
      return new Samples(rows, mean.length, values);
    }
  }

  /** The transpose of the samples less their means, which are put into {@code mean}. */
  private static Matrix centred(Samples samples, double[] mean) {
    int rows = samples.rows();
    int outputs = samples.columns();
    double[] result = new double[Math.multiplyExact(outputs, rows)];
    for (int j = 0; j < outputs; j++) {
      for (int i = 0; i < rows; i++) {
        mean[j] += samples.values()[i * outputs + j];
      }
      mean[j] /= rows;
      for (int i = 0; i < rows; i++) {
        result[j * rows + i] = samples.values()[i * outputs + j] - mean[j];
      }
    }
    return new Matrix(outputs, rows, result);
  }

  /** The first rows and columns. */
  private static Matrix block(Matrix matrix, int rows, int columns) {
    Matrix result = Matrix.zeros(rows, columns);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(
          matrix.values(), i * matrix.columns(), result.values(), i * columns, columns);
    }
    return result;
  }
}
