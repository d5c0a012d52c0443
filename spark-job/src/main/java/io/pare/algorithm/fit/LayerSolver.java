package io.pare.algorithm.fit;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.OutputError;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Candidate;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/**
 * Solves one layer group from its samples, which are walked in one pass at a time and never held
 * together. Not thread-safe.
 *
 * <p>In the symmetric mode the inputs are the original network's. In the asymmetric mode they come
 * from the network compressed so far, while the targets stay the original's (algorithm.md section
 * 1).
 */
public final class LayerSolver {
  private final LayerProblem problem;
  private final Regression regression;

  /** Prepares the fits of a layer from its moments. */
  public LayerSolver(LayerProblem problem, Moments moments) {
    this(problem, Regression.of(problem.shape(), problem.matrix(), moments, problem.ridge()));
  }

  private LayerSolver(LayerProblem problem, Regression regression) {
    this.problem = problem;
    this.regression = regression;
  }

  /** Prepares fits that know of no data: those of W itself. */
  public static LayerSolver ofWeights(LayerProblem problem) {
    return new LayerSolver(
        problem, Regression.ofWeights(problem.shape(), problem.matrix(), problem.bias()));
  }

  /** The moments of a layer's fit samples, in the order of the blocks. */
  public static Moments moments(LayerProblem problem, Iterator<PairedBlock> blocks) {
    Moments.Accumulator accumulator =
        new Moments.Accumulator(problem.shape().columns(), problem.shape().outputs());
    while (blocks.hasNext()) {
      PairedBlock block = blocks.next();
      accumulator.add(block.inputs().fit(), block.outputs().fit());
    }
    return accumulator.moments();
  }

  /**
   * Fits every step of a path and judges it on held-out samples.
   *
   * @param form of the path
   * @param steps ascending
   * @param blocks the layer's samples
   */
  public List<Candidate> path(Form form, int[] steps, Iterator<PairedBlock> blocks) {
    List<Structure> structures = new ArrayList<>();
    List<Approximation> approximations = new ArrayList<>();
    try (LowRankFit fits = LowRankFit.prepare(form, regression)) {
      for (int step : steps) {
        LowRank ranks = form.at(problem.shape(), step);
        structures.add(Structure.of(ranks));
        approximations.add(regression.completed(List.of(fits.sketch(ranks))));
      }
    }
    double[] errors = errors(approximations, blocks);
    List<Candidate> candidates = new ArrayList<>();
    for (int k = 0; k < steps.length; k++) {
      candidates.add(new Candidate(structures.get(k), errors[k]));
    }
    return candidates;
  }

  /**
   * Fits structures and judges them on held-out samples.
   *
   * @param blocks the layer's samples
   * @return candidates in the order of the structures
   */
  public List<Candidate> judged(List<Structure.Sum> structures, Iterator<PairedBlock> blocks) {
    double[] errors = errors(structures.stream().map(this::fit).toList(), blocks);
    List<Candidate> candidates = new ArrayList<>();
    for (int k = 0; k < errors.length; k++) {
      candidates.add(new Candidate(structures.get(k), errors[k]));
    }
    return candidates;
  }

  /** The linear problem that the fits solve. */
  public Regression regression() {
    return regression;
  }

  /** The linear fit in a given structure, with its best bias. */
  public Approximation fit(Structure.Sum structure) {
    try (StructureFit fit = new StructureFit(structure, regression)) {
      return regression.completed(fit.fit());
    }
  }

  /** A linear fit in less time, as those that a path compares: see {@link LowRankFit#sketch}. */
  public Approximation sketch(Structure.Sum structure) {
    if (!structure.support().isEmpty() || structure.lowRank().isNone()) {
      return fit(structure);
    }
    try (LowRankFit form = LowRankFit.prepare(structure.lowRank().form(), regression)) {
      return regression.completed(List.of(form.sketch(structure.lowRank())));
    }
  }

  /**
   * A fit, and what it has to beat.
   *
   * @param projection of the original weights, whatever the targets are: as close in the same
   *     structure as the metric of the inputs allows, one alternation from where the linear fit has
   *     come to
   */
  public record Rivals(ActivationRounds.Result refit, Approximation projection) {}

  /**
   * The fit in a given structure and the projection, which share what the inputs decide.
   *
   * @param fitting linear, or to the outputs after the nonlinearity
   * @param blocks gives a new walk over the layer's samples each time
   */
  public Rivals rivals(
      Structure.Sum structure, Fitting fitting, Supplier<Iterator<PairedBlock>> blocks) {
    Regression original = regression.projecting(problem.bias());
    try (StructureFit fit = new StructureFit(structure, regression)) {
      GramIterate linear = new GramIterate(problem, fit, regression, blocks);
      List<Component> projected = fit.retargeted(original).improve(linear.components());
      return new Rivals(
          ActivationRounds.run(linear, problem, fitting), original.completed(projected));
    }
  }

  /** The relative post-activation errors of approximations on the held-out samples. */
  public double[] errors(List<Approximation> approximations, Iterator<PairedBlock> blocks) {
    List<Matrix> kernels = new ArrayList<>();
    List<OutputError> sums = new ArrayList<>();
    for (Approximation approximation : approximations) {
      kernels.add(approximation.matrix(problem.shape()));
      sums.add(new OutputError(problem.activation()));
    }
    while (blocks.hasNext()) {
      PairedBlock block = blocks.next();
      Samples inputs = block.inputs().heldOut();
      for (int k = 0; k < kernels.size(); k++) {
        sums.get(k)
            .add(
                block.outputs().heldOut(),
                inputs.transformed(kernels.get(k), approximations.get(k).bias()));
      }
    }
    return sums.stream().mapToDouble(OutputError::relative).toArray();
  }
}
