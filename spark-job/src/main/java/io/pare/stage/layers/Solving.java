package io.pare.stage.layers;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.LayerSolver;
import io.pare.algorithm.fit.WideSolver;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.PairedBlock;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * How layer groups are solved.
 *
 * @param problems of all layer groups
 * @param fitting the weights alone, or else linear
 * @param threads of the native libraries
 */
record Solving(ProblemsOnExecutors problems, Fitting fitting, int threads) implements Serializable {

  String name(int partition) {
    return problems.of(partition).name();
  }

  /** For a layer group with a Gram matrix. */
  LayerSolver solver(int partition, Moments moments) {
    DenseAlgebra.useThreads(threads);
    LayerProblem problem = problems.of(partition);
    return fitting == Fitting.WEIGHTS
        ? LayerSolver.ofWeights(problem)
        : new LayerSolver(problem, moments);
  }

  /** For a layer group without one, from all of its samples. */
  WideSolver solver(int partition, Iterator<PairedBlock> samples) {
    DenseAlgebra.useThreads(threads);
    List<PairedBlock> blocks = new ArrayList<>();
    samples.forEachRemaining(blocks::add);
    return WideSolver.of(problems.of(partition), PairedBlock.joined(blocks));
  }
}
