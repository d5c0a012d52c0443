package io.pare.algorithm.wide;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.InputScreen;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.OutputError;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.statistics.SolvedTarget;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Fits a fully connected layer whose best matrix T is known and whose Gram matrix is not: the
 * channel form, kept inputs, and their sums, in closed form (algorithm.md section 7).
 *
 * <p>With S the kept inputs, {@code A_S = (T G)[:,S] G[S,S]^-1} the best fit on them alone, and U
 * the leading eigenvectors of {@code T G T^T - A_S G[S,S] A_S^T}, the best sum of rank r is {@code
 * U U^T T + (I - U U^T) A_S}. All that is needed of G are its part on S and the outputs of T, which
 * come from walks over the samples; none are held. Not thread-safe.
 */
public final class TargetFits implements GramlessFits, InputScreen {
  /** Kept inputs whose part of the Gram matrix is made at once. */
  private static final int LARGEST_PART = 4608;

  private final LayerProblem problem;
  private final Supplier<Iterator<PairedBlock>> blocks;
  private final Samples target;
  private final TargetMoments moments;

  private TargetFits(
      LayerProblem problem,
      Samples target,
      TargetMoments moments,
      Supplier<Iterator<PairedBlock>> blocks) {
    this.problem = problem;
    this.target = target;
    this.moments = moments;
    this.blocks = blocks;
  }

  /**
   * Prepares the fits to the data.
   *
   * @param solved T, in single precision, and the ridge that it was found with
   * @param blocks gives a walk over the samples, as often as it is asked
   */
  public static TargetFits of(
      LayerProblem problem, SolvedTarget solved, Supplier<Iterator<PairedBlock>> blocks) {
    Supplier<Iterator<PairedBlock>> chunks = () -> PairedBlock.chunks(blocks.get());
    Samples target = solved.target();
    return new TargetFits(
        problem, target, TargetMoments.of(target, solved.pull(), chunks.get()), chunks);
  }

  /** Prepares fits that know of no data: those of W itself. */
  public static TargetFits ofWeights(LayerProblem problem, Supplier<Iterator<PairedBlock>> blocks) {
    return new TargetFits(
        problem,
        problem.kernel(),
        TargetMoments.ofWeights(problem),
        () -> PairedBlock.chunks(blocks.get()));
  }

  /** The fits to what the original weights make of the same inputs. */
  private TargetFits projecting() {
    Samples weights = problem.kernel();
    TargetMoments its = TargetMoments.of(weights, moments.pull(), blocks.get());
    return new TargetFits(problem, weights, its.reaching(problem.bias()), blocks);
  }

  @Override
  public List<Judged> judged(List<Structure.Sum> structures) {
    List<TargetFit> fits = fitted(structures);
    double[] errors = errors(fits);
    List<Judged> judged = new ArrayList<>();
    for (int k = 0; k < errors.length; k++) {
      judged.add(Judged.of(structures.get(k), errors[k]));
    }
    return judged;
  }

  @Override
  public List<Approximation> fits(List<Structure.Sum> structures) {
    return fitted(structures).stream().map(fit -> fit.approximation(target)).toList();
  }

  /**
   * {@inheritDoc}
   *
   * <p>The first factor and the choice of inputs stay those of the linear fit: after the activation
   * what reads them is fitted, a layer of few inputs.
   */
  @Override
  public Refit refit(Structure.Sum structure, Fitting fitting) {
    Refit refit = ReducedLayer.of(problem, fits(List.of(structure)).get(0)).refit(fitting, blocks);
    TargetFits original = projecting();
    List<TargetFit> projection = original.fitted(List.of(structure));
    double error = original.errors(projection)[0];
    return refit.error() < error
        ? new Refit(refit.approximation(), refit.error(), true)
        : new Refit(projection.get(0).approximation(original.target), error, false);
  }

  @Override
  public Optional<InputScreen> screen() {
    return Optional.of(this);
  }

  @Override
  public LayerShape shape() {
    return problem.shape();
  }

  @Override
  public Part part(int together, int most) {
    int[] inputs = moments.mostEnergetic(target, together, most);
    return new Part(inputs, regression(inputs));
  }

  @Override
  public double[] gains(Part part, int rank) {
    Matrix leading = Eigen.leading(moments.energy(), rank).vectors();
    Matrix cross = part.problem().cross();
    // (T - B) G = (I - U U^T) T G, since B = U U^T T.
    Matrix left =
        DenseAlgebra.subtract(
            cross, DenseAlgebra.transposeMultiply(leading, DenseAlgebra.multiply(leading, cross)));
    double[] gains = new double[part.inputs().length];
    for (int j = 0; j < gains.length; j++) {
      for (int i = 0; i < left.rows(); i++) {
        gains[j] += left.at(i, j) * left.at(i, j);
      }
      gains[j] /= part.problem().gram().at(j, j);
    }
    return gains;
  }

  /** The fits of structures, in their order. */
  private List<TargetFit> fitted(List<Structure.Sum> structures) {
    int most =
        structures.stream()
            .filter(its -> its.support().isEmpty())
            .mapToInt(TargetFits::rank)
            .max()
            .orElse(0);
    Matrix vectors = leading(moments.energy(), most);
    List<TargetFit> fits = new ArrayList<>();
    Optional<Part> kept = Optional.empty();
    for (int k = 0; k < structures.size(); k++) {
      Structure.Sum structure = structures.get(k);
      int rank = rank(structure);
      if (structure.support().isEmpty()) {
        fits.add(new TargetFit(moments, vectors.firstRows(rank), new int[0], Matrix.zeros(0, 0)));
        continue;
      }
      int[] inputs = structure.support().indices();
      if (kept.filter(part -> holds(part, inputs)).isEmpty()) {
        int[] together = together(structures.subList(k, structures.size()));
        kept = Optional.of(new Part(together, regression(together)));
      }
      Regression alone = kept.orElseThrow().problem().inputs(places(kept.get(), inputs));
      Matrix explained = DenseAlgebra.multiplyTransposed(alone.target(), alone.cross());
      Matrix rest = DenseAlgebra.subtract(moments.energy(), explained).symmetricPart();
      fits.add(new TargetFit(moments, leading(rest, rank), inputs, alone.target()));
    }
    return fits;
  }

  /** The inputs of the first support and of as many of the next ones as one part can hold. */
  private static int[] together(List<Structure.Sum> structures) {
    TreeSet<Integer> together = new TreeSet<>();
    for (Structure.Sum structure : structures) {
      TreeSet<Integer> more = new TreeSet<>(together);
      Arrays.stream(structure.support().indices()).forEach(more::add);
      if (!together.isEmpty() && more.size() > LARGEST_PART) {
        break;
      }
      together = more;
    }
    return together.stream().mapToInt(Integer::intValue).toArray();
  }

  private static boolean holds(Part part, int[] inputs) {
    return Arrays.stream(inputs).allMatch(j -> Arrays.binarySearch(part.inputs(), j) >= 0);
  }

  private static int[] places(Part part, int[] inputs) {
    return Arrays.stream(inputs).map(j -> Arrays.binarySearch(part.inputs(), j)).toArray();
  }

  private static Matrix leading(Matrix energy, int rank) {
    return rank == 0 ? Matrix.zeros(0, energy.rows()) : Eigen.leading(energy, rank).vectors();
  }

  private static int rank(Structure.Sum structure) {
    boolean isNone = structure.lowRank().isNone();
    if (structure.support().hasFilters()
        || (!isNone && structure.lowRank().form() != Form.CHANNEL)) {
      throw new IllegalArgumentException(structure.label() + " needs a Gram matrix");
    }
    return isNone ? 0 : structure.lowRank().ranks()[0];
  }

  /** The problem of some inputs alone: T's outputs from them, with the ridge of the whole layer. */
  private Regression regression(int[] inputs) {
    LayerShape part = new LayerShape(problem.shape().outputs(), inputs.length, 1, 1);
    Moments.Accumulator sums = new Moments.Accumulator(inputs.length, part.outputs());
    Iterator<PairedBlock> walk = blocks.get();
    while (walk.hasNext()) {
      Samples samples = walk.next().inputs().fit();
      sums.add(samples.columns(inputs), moments.outputs(target, samples));
    }
    Samples weights = target.columns(inputs);
    return Regression.ridged(
        part,
        Matrix.of(weights.rows(), weights.columns(), weights.values()),
        sums.moments(),
        moments.pull());
  }

  /** The relative post-activation errors of fits on the held-out samples. */
  private double[] errors(List<TargetFit> fits) {
    List<OutputError> sums =
        fits.stream().map(fit -> new OutputError(problem.activation())).toList();
    Iterator<PairedBlock> walk = blocks.get();
    while (walk.hasNext()) {
      PairedBlock block = walk.next();
      Samples inputs = block.inputs().heldOut();
      Samples outputs = moments.outputs(target, inputs);
      Samples wanted = block.outputs().heldOut().behind(problem.activation());
      for (int k = 0; k < sums.size(); k++) {
        TargetFit fit = fits.get(k);
        sums.get(k).addBehind(wanted, block.heldOutWith(fit.predicted(inputs, outputs)));
      }
    }
    return sums.stream().mapToDouble(OutputError::relative).toArray();
  }
}
