package io.pare.algorithm.wide;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.GramFits;
import io.pare.algorithm.fit.LayerFits;
import io.pare.algorithm.statistics.FitSpace;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is left to fit of a wide layer once its first factor V and its kept inputs S stand: a layer
 * that reads {@code (V x, x_S)}, r + |S| values, without any structure. Its weights are the second
 * factor beside those of the kept inputs. Not thread-safe.
 */
final class ReducedLayer {
  private final LayerProblem problem;
  private final Matrix first;
  private final int[] inputs;
  private final float[] firstValues;

  private ReducedLayer(LayerProblem problem, Matrix first, int[] inputs) {
    this.problem = problem;
    this.first = first;
    this.inputs = inputs;
    firstValues = first.floats();
  }

  /**
   * The layer that a fit leaves.
   *
   * @param fit the channel form, kept inputs, or both
   */
  static ReducedLayer of(LayerProblem whole, Approximation fit) {
    int outputs = whole.shape().outputs();
    Matrix first = Matrix.zeros(0, whole.shape().columns());
    Matrix second = Matrix.zeros(outputs, 0);
    Matrix kept = Matrix.zeros(outputs, 0);
    int[] inputs = {};
    for (Component component : fit.components()) {
      if (component instanceof Component.Factors factors) {
        first = factors.kernel(0);
        second = factors.kernel(1);
      } else {
        inputs = component.inputs();
        kept = component.factors().get(0).kernel();
      }
    }
    return new ReducedLayer(
        new LayerProblem(
            whole.name(),
            new LayerShape(outputs, second.columns() + kept.columns(), 1, 1),
            beside(second, kept).floats(),
            fit.bias(),
            whole.activation(),
            whole.ridge(),
            FitSpace.COLUMNS),
        first,
        inputs);
  }

  /**
   * The best weights of what is left.
   *
   * @param blocks gives a walk over the samples of the whole layer
   * @return the whole layer
   */
  LayerFits.Refit refit(Fitting fitting, Supplier<Iterator<PairedBlock>> blocks) {
    Supplier<Iterator<PairedBlock>> read = () -> read(blocks.get());
    GramFits fits = new GramFits(problem, GramFits.moments(problem, read.get()), read);
    LayerFits.Refit refit = fits.refit(Structure.Sum.dense(problem.shape()), fitting);
    Matrix weights = refit.approximation().matrix(problem.shape());
    List<Component> components = new ArrayList<>();
    if (first.rows() > 0) {
      components.add(
          Component.Factors.of(Form.CHANNEL, first, weights.columnsFrom(0, first.rows())));
    }
    if (inputs.length > 0) {
      components.add(
          new Component.KeptInputs(inputs, weights.columnsFrom(first.rows(), inputs.length)));
    }
    return new LayerFits.Refit(
        new Approximation(components, refit.approximation().bias()),
        refit.error(),
        refit.refitted());
  }

  private Iterator<PairedBlock> read(Iterator<PairedBlock> blocks) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return blocks.hasNext();
      }

      @Override
      public PairedBlock next() {
        PairedBlock block = blocks.next();
        SampleBlock its = block.inputs();
        return new PairedBlock(
            block.outputs(),
            new SampleBlock(read(its.fit()), read(its.heldOut())),
            block.summand());
      }
    };
  }

  private Samples read(Samples samples) {
    Samples chosen = inputs.length == 0 ? samples : samples.columns(inputs);
    if (first.rows() == 0) {
      return chosen;
    }
    Samples products = samples.transformed(firstValues, new double[first.rows()]);
    return inputs.length == 0 ? products : products.beside(chosen);
  }

  private static Matrix beside(Matrix left, Matrix right) {
    Matrix both = Matrix.zeros(left.rows(), left.columns() + right.columns());
    for (int i = 0; i < both.rows(); i++) {
      for (int j = 0; j < both.columns(); j++) {
        both.set(i, j, j < left.columns() ? left.at(i, j) : right.at(i, j - left.columns()));
      }
    }
    return both;
  }
}
