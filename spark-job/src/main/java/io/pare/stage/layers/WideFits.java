package io.pare.stage.layers;

import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.WideSolver;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Candidate;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import io.pare.stage.layers.SolveLayersStage.GroupCandidate;
import io.pare.stage.layers.SolveLayersStage.GroupFits;
import io.pare.stage.spark.PrunedPartitions;
import io.pare.stage.spark.TaskFailure;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;

/** Candidates and fits of layer groups that have no Gram matrix. Stateless. */
final class WideFits {
  private WideFits() {}

  /** The path of the channel form, the only one that such a layer has. */
  static List<GroupCandidate> candidates(
      int partition, LayerShape shape, WideSolver solver, Fitting fitting) {
    int[] steps = Form.CHANNEL.steps(shape);
    List<Candidate> path = solver.path(steps, fitting);
    List<GroupCandidate> candidates = new ArrayList<>();
    for (int k = 0; k < steps.length; k++) {
      candidates.add(
          new GroupCandidate(
              partition,
              Family.LOW_RANK_CHANNEL,
              steps[k],
              path.get(k).structure(),
              path.get(k).error(),
              Optional.empty()));
    }
    return candidates;
  }

  /**
   * Fits of chosen structures, each layer group's in a task of its own.
   *
   * @param samples of all layer groups
   * @param wanted by partition; none of them has a Gram matrix
   */
  static List<GroupFits> fits(
      JavaRDD<PairedBlock> samples,
      Solving solving,
      SortedMap<Integer, List<Structure.Sum>> wanted) {
    return PrunedPartitions.of(samples, wanted.keySet())
        .mapPartitionsWithIndex(new FitInTask(solving, wanted), true)
        .collect();
  }

  private static final class FitInTask
      implements Function2<Integer, Iterator<PairedBlock>, Iterator<GroupFits>> {
    private static final long serialVersionUID = 1L;
    private final Solving solving;
    private final TreeMap<Integer, List<Structure.Sum>> wanted;

    FitInTask(Solving solving, SortedMap<Integer, List<Structure.Sum>> wanted) {
      this.solving = solving;
      this.wanted = new TreeMap<>(wanted);
    }

    @Override
    public Iterator<GroupFits> call(Integer place, Iterator<PairedBlock> samples) {
      int partition = List.copyOf(wanted.keySet()).get(place);
      List<Approximation> fits =
          TaskFailure.named(
              solving.name(partition) + ", fit",
              () ->
                  solving
                      .solver(partition, samples)
                      .fits(wanted.get(partition), solving.fitting()));
      return List.of(new GroupFits(partition, fits)).iterator();
    }
  }
}
