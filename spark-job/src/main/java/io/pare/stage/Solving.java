package io.pare.stage;

import io.pare.algorithm.DenseAlgebra;
import io.pare.algorithm.Fitting;
import io.pare.algorithm.LayerProblem;
import io.pare.algorithm.LayerSolver;
import io.pare.algorithm.Moments;
import io.pare.algorithm.PairedBlock;
import io.pare.algorithm.WideSolver;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;

/**
 * How layer groups are solved.
 *
 * @param problems by partition
 * @param fitting the weights alone, or else linear
 * @param threads of the native libraries
 */
record Solving(Broadcast<List<LayerProblem>> problems, Fitting fitting, int threads)
    implements Serializable {

  String name(int partition) {
    return problems.value().get(partition).name();
  }

  /** For a layer group with a Gram matrix. */
  LayerSolver solver(int partition, Moments moments) {
    DenseAlgebra.useThreads(threads);
    LayerProblem problem = problems.value().get(partition);
    return fitting == Fitting.WEIGHTS
        ? LayerSolver.ofWeights(problem)
        : new LayerSolver(problem, moments);
  }

  /** For a layer group without one, from all of its samples. */
  WideSolver solver(int partition, Iterator<PairedBlock> samples) {
    DenseAlgebra.useThreads(threads);
    List<PairedBlock> blocks = new ArrayList<>();
    samples.forEachRemaining(blocks::add);
    return WideSolver.of(problems.value().get(partition), PairedBlock.joined(blocks));
  }
}
