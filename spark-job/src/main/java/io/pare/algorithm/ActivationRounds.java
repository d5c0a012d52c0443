package io.pare.algorithm;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/**
 * Fits to the outputs after the nonlinearity by an outer loop of linear fits (algorithm.md section
 * 3). Each round replaces the target by one that the nonlinearity cannot tell from the original's
 * output and refits; the Gram matrix never changes.
 *
 * <p>The first rounds take the sharper, penalised target with a rising penalty; the last ones the
 * majorised target, which cannot raise the loss on the fit samples. The iterate with the least
 * error on held-out samples is kept, so no round can make the result worse. Not thread-safe.
 */
public final class ActivationRounds {
  static final double[] PENALTIES = {0.02, 0.2};
  static final int MAJORISED = 2;
  static final double ENOUGH = 1e-3;

  private final LayerProblem problem;
  private final Regression regression;
  private final boolean linear;
  private final Supplier<Iterator<PairedBlock>> blocks;

  /**
   * One iterate.
   *
   * @param penalty of the target that it was fitted to; infinity for a majorised one, 0 for the
   *     linear fit
   * @param fitError relative post-activation error on the samples of the fit
   * @param heldOutError the same on held-out samples
   */
  public record Round(double penalty, double fitError, double heldOutError) {}

  /**
   * A fit and how it was reached.
   *
   * @param approximation with the least held-out error
   * @param error its held-out error
   * @param rounds all iterates in order
   */
  public record Result(Approximation approximation, double error, List<Round> rounds) {}

  ActivationRounds(
      LayerProblem problem,
      Regression regression,
      Fitting fitting,
      Supplier<Iterator<PairedBlock>> blocks) {
    this.problem = problem;
    this.regression = regression;
    linear = fitting != Fitting.ACTIVATION || problem.activation().isIdentity();
    this.blocks = blocks;
  }

  /** Fits a structure. */
  Result run(Structure.Sum structure) {
    try (StructureFit fit = new StructureFit(structure, regression)) {
      return run(fit);
    }
  }

  private Result run(StructureFit fit) {
    List<Component> components = fit.fit();
    Approximation present = completed(components, regression);
    List<Round> rounds = new ArrayList<>();
    if (linear) {
      Pass pass = pass(present, 0);
      rounds.add(new Round(0, pass.fitError.relative(), pass.heldOutError.relative()));
      return new Result(present, pass.heldOutError.relative(), rounds);
    }
    Approximation best = present;
    double bestError = Double.POSITIVE_INFINITY;
    double penaltyBefore = 0;
    for (int k = 0; k <= PENALTIES.length + MAJORISED; k++) {
      double penalty = k < PENALTIES.length ? PENALTIES[k] : Double.POSITIVE_INFINITY;
      Pass pass = pass(present, penalty);
      double error = pass.heldOutError.relative();
      rounds.add(new Round(penaltyBefore, pass.fitError.relative(), error));
      boolean settled = bestError - error < ENOUGH * bestError && k > PENALTIES.length;
      if (error < bestError) {
        bestError = error;
        best = present;
      }
      if (settled || k == PENALTIES.length + MAJORISED) {
        break;
      }
      Regression next = pass.target();
      components = fit.retargeted(next).improve(components);
      present = completed(components, next);
      penaltyBefore = penalty;
    }
    return new Result(best, bestError, rounds);
  }

  private Approximation completed(List<Component> components, Regression target) {
    Matrix kernel = Kernels.sum(problem.shape(), new Approximation(components, problem.bias()));
    DenseAlgebra.requireFinite(kernel, "fitted kernel");
    return new Approximation(components, target.bias(kernel));
  }

  private Pass pass(Approximation present, double penalty) {
    Matrix kernel = Kernels.sum(problem.shape(), present);
    Pass pass = new Pass(penalty);
    Iterator<PairedBlock> iterator = blocks.get();
    while (iterator.hasNext()) {
      PairedBlock block = iterator.next();
      pass.add(
          block.outputs().fit(),
          block.inputs().fit(),
          block.inputs().fit().transformed(kernel, present.bias()));
      pass.heldOutError.add(
          block.outputs().heldOut(), block.inputs().heldOut().transformed(kernel, present.bias()));
    }
    return pass;
  }

  /** One walk over the samples: the errors of an iterate, and the target that it leads to. */
  private final class Pass {
    private final double penalty;
    private final OutputError fitError = new OutputError(problem.activation());
    private final OutputError heldOutError = new OutputError(problem.activation());
    private final double[] cross;
    private final double[] targetSum;
    private final double[] inputSum;
    private final float[] inputShift;
    private final float[] targetShift;
    private long count;

    Pass(double penalty) {
      this.penalty = penalty;
      cross = new double[problem.shape().outputs() * problem.shape().columns()];
      targetSum = new double[problem.shape().outputs()];
      inputSum = new double[problem.shape().columns()];
      inputShift = floats(regression.inputMean());
      targetShift = new float[problem.shape().outputs()];
    }

    void add(Samples original, Samples inputs, Samples approximate) {
      fitError.add(original, approximate);
      float[] target =
          TargetRule.apply(problem.activation(), penalty, original.values(), approximate.values());
      float[] centredTarget =
          new Samples(original.rows(), original.columns(), target).centred(targetShift, targetSum);
      float[] centredInput = inputs.centred(inputShift, inputSum);
      DenseAlgebra.addCross(
          centredTarget,
          centredInput,
          inputs.rows(),
          problem.shape().outputs(),
          problem.shape().columns(),
          cross);
      count += inputs.rows();
    }

    Regression target() {
      int d = problem.shape().columns();
      double[] mean = targetSum.clone();
      Matrix moments = new Matrix(mean.length, d, cross);
      for (int i = 0; i < mean.length; i++) {
        mean[i] /= count;
        for (int j = 0; j < d; j++) {
          int k = i * d + j;
          cross[k] = cross[k] / count - mean[i] * (inputSum[j] / count);
        }
      }
      return regression.withTarget(moments, mean);
    }

    private static float[] floats(double[] values) {
      float[] result = new float[values.length];
      for (int k = 0; k < values.length; k++) {
        result[k] = (float) values[k];
      }
      return result;
    }
  }
}
