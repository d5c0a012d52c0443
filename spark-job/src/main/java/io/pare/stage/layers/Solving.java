package io.pare.stage.layers;

import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.LayerFits;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.wide.FitsBySpace;
import io.pare.stage.layers.SolveLayersStage.GroupStatistics;
import io.pare.stage.spark.TaskRunner;
import java.io.Serializable;
import java.util.Iterator;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How the fits of layer groups are made in a task.
 *
 * @param problems of all layer groups
 * @param fitting the weights alone, or else linear
 * @param tasks that they run in
 */
record Solving(ProblemsOnExecutors problems, Fitting fitting, TaskRunner tasks)
    implements Serializable {

  /**
   * Works on the fits of a layer group.
   *
   * @param what the work does, as its error is to tell it
   * @param blocks gives a walk over the group's samples
   */
  <R> R run(
      GroupStatistics group,
      String what,
      Supplier<Iterator<PairedBlock>> blocks,
      Function<LayerFits, R> work) {
    LayerProblem problem = problems.of(problems.partition(group.group()));
    return tasks.run(
        problem.name() + ", " + what,
        () -> work.apply(FitsBySpace.of(problem, fitting, group.statistics(), blocks)));
  }
}
