package io.pare.algorithm.fit;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.OutputError;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * A fit in the metric of the Gram matrix. One walk over the layer's samples measures it and gathers
 * the moments of the target that follows. Not thread-safe.
 */
final class GramIterate implements ActivationRounds.Iterate {
  private final LayerProblem problem;
  private final StructureFit fit;
  private final Regression regression;
  private final Supplier<Iterator<PairedBlock>> blocks;
  private final List<Component> components;
  private final Approximation approximation;

  /**
   * The linear fit.
   *
   * @param fit of a structure to the target of {@code regression}
   * @param blocks gives a new walk over the layer's samples each time
   */
  GramIterate(
      LayerProblem problem,
      StructureFit fit,
      Regression regression,
      Supplier<Iterator<PairedBlock>> blocks) {
    this(problem, fit, regression, blocks, fit.fit());
  }

  private GramIterate(
      LayerProblem problem,
      StructureFit fit,
      Regression regression,
      Supplier<Iterator<PairedBlock>> blocks,
      List<Component> components) {
    this.problem = problem;
    this.fit = fit;
    this.regression = regression;
    this.blocks = blocks;
    this.components = components;
    approximation = regression.completed(components);
  }

  /** What the approximation is made of. */
  List<Component> components() {
    return components;
  }

  @Override
  public Approximation approximation() {
    return approximation;
  }

  @Override
  public ActivationRounds.Measured measured(OptionalDouble penalty) {
    FactoredOutputs layer = FactoredOutputs.of(problem.shape(), approximation);
    OutputError fitError = new OutputError(problem.activation());
    OutputError heldOutError = new OutputError(problem.activation());
    TargetMoments moments = new TargetMoments();
    Iterator<PairedBlock> iterator = blocks.get();
    while (iterator.hasNext()) {
      PairedBlock block = iterator.next();
      Samples wanted = block.outputs().fit().behind(problem.activation());
      Samples approximate = block.fitWith(layer.of(new TapSamples(block.inputs().fit())));
      fitError.addBehind(wanted, approximate);
      heldOutError.add(
          block.outputs().heldOut(),
          block.heldOutWith(layer.of(new TapSamples(block.inputs().heldOut()))));
      penalty.ifPresent(value -> moments.add(block, wanted, approximate, value));
    }
    return new ActivationRounds.Measured(
        fitError.relative(), heldOutError.relative(), () -> next(moments.target()));
  }

  private GramIterate next(Regression target) {
    StructureFit retargeted = fit.retargeted(target);
    return new GramIterate(problem, fit, target, blocks, retargeted.improve(components));
  }

  /**
   * The moments of inputs and targets, gathered like {@link Moments} but for what the inputs
   * decide, which is known. The targets, of which there are fewer, are centred about the last one's
   * mean.
   */
  private final class TargetMoments {
    private final int columns = problem.shape().columns();
    private final float[] targetShift =
        new Matrix(1, problem.shape().outputs(), regression.targetMean()).floats();
    private final double[] targetSum = new double[targetShift.length];
    private double[] cross = new double[0];
    private long count;

    void add(PairedBlock block, Samples wanted, Samples approximate, double penalty) {
      Samples inputs = block.inputs().fit();
      if (cross.length == 0) {
        cross = new double[Math.multiplyExact(targetShift.length, columns)];
      }
      Samples target = TargetRule.apply(problem.activation(), penalty, wanted, approximate);
      DenseAlgebra.addCross(
          block.forLayer(target).centred(targetShift, targetSum),
          inputs.values(),
          inputs.rows(),
          targetShift.length,
          columns,
          cross);
      count += inputs.rows();
    }

    Regression target() {
      if (count == 0) {
        throw new IllegalStateException("no target was asked for");
      }
      double[] mean = new double[targetShift.length];
      for (int i = 0; i < mean.length; i++) {
        double offset = targetSum[i] / count;
        mean[i] = targetShift[i] + offset;
        for (int j = 0; j < columns; j++) {
          int k = i * columns + j;
          cross[k] = cross[k] / count - offset * regression.inputMean()[j];
        }
      }
      return regression.withTarget(new Matrix(mean.length, columns, cross), mean);
    }
  }
}
