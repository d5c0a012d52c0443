package io.pare.stage.layers;

import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.LayerFits;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.wide.FitsBySpace;
import io.pare.stage.layers.SolveLayersStage.GroupStatistics;
import io.pare.stage.spark.PrunedPartitions;
import io.pare.stage.spark.TaskRunner;
import io.pare.stage.spark.WalkedPartitions;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;

/**
 * Refits layers whose inputs come from the network compressed so far, so that each repairs what the
 * layers before it have left (asymmetric reconstruction, algorithm.md section 5).
 *
 * <p>Target and input of a sample are the same position of the same image in the original and in
 * the compressed network. The refit is kept only where it does better on held-out samples than the
 * projection of the original weights in the metric of the same inputs.
 */
public final class RefitLayersStage {
  private final TaskRunner tasks;

  /** The refit of one layer group. */
  public record GroupRefit(LayerGroup group, LayerFits.Refit refit) {}

  /**
   * What is to be fitted.
   *
   * @param structure that the plan decided
   * @param fitting linear, or to the outputs after the nonlinearity
   */
  public record GroupTask(LayerGroup group, Structure.Sum structure, Fitting fitting)
      implements Serializable {}

  RefitLayersStage(TaskRunner tasks) {
    this.tasks = tasks;
  }

  /**
   * Fits some layer groups, none of which feeds another.
   *
   * @param originals outputs of the original layers
   * @param compressed samples of the network compressed so far: partition k belongs to work k
   * @param work in ascending order of the groups
   */
  Map<LayerGroup, LayerFits.Refit> run(
      LayerOutputs originals, LayerSamples compressed, List<GroupTask> work) {
    ProblemsOnExecutors problems = originals.problems();
    List<Integer> partitions = work.stream().map(task -> problems.partition(task.group())).toList();
    JavaRDD<PairedBlock> paired =
        compressed.pairedWith(PrunedPartitions.of(originals.blocks(), partitions));
    Map<Boolean, List<Integer>> spread =
        IntStream.range(0, work.size())
            .boxed()
            .collect(Collectors.partitioningBy(k -> problems.isWide(work.get(k).group())));
    RefitGroup refit = new RefitGroup(problems, work, tasks);
    Map<LayerGroup, LayerFits.Refit> refits = new TreeMap<>();
    PrunedPartitions.of(paired.mapPartitionsWithIndex(refit, true), spread.get(false))
        .collect()
        .forEach(group -> refits.put(group.group(), group.refit()));
    for (int place : spread.get(true)) {
      try (WideGroup group =
          new WideGroup(
              PrunedPartitions.of(paired, List.of(place)),
              problems,
              partitions.get(place),
              tasks)) {
        GroupRefit wide = group.result(new RefitWide(problems, work.get(place), tasks)).first();
        refits.put(wide.group(), wide.refit());
      }
    }
    return refits;
  }

  private static final class RefitGroup
      implements Function2<Integer, Iterator<PairedBlock>, Iterator<GroupRefit>> {
    private static final long serialVersionUID = 1L;
    private final ProblemsOnExecutors problems;
    private final ArrayList<GroupTask> work;
    private final TaskRunner tasks;

    RefitGroup(ProblemsOnExecutors problems, List<GroupTask> work, TaskRunner tasks) {
      this.problems = problems;
      this.work = new ArrayList<>(work);
      this.tasks = tasks;
    }

    @Override
    public Iterator<GroupRefit> call(Integer place, Iterator<PairedBlock> blocks) {
      GroupTask task = work.get(place);
      LayerProblem problem = problems.of(problems.partition(task.group()));
      LayerFits.Refit refit =
          tasks.run(
              problem.name() + ", refit",
              () -> {
                List<PairedBlock> chunks = new ArrayList<>();
                PairedBlock.chunks(blocks).forEachRemaining(chunks::add);
                return FitsBySpace.of(problem, chunks).refit(task.structure(), task.fitting());
              });
      return List.of(new GroupRefit(task.group(), refit)).iterator();
    }
  }

  private record RefitWide(ProblemsOnExecutors problems, GroupTask task, TaskRunner tasks)
      implements WalkedPartitions.Work<GroupStatistics, PairedBlock, GroupRefit> {
    @Override
    public GroupRefit on(GroupStatistics group, Supplier<Iterator<PairedBlock>> walks) {
      LayerFits.Refit refit =
          new Solving(problems, Fitting.LINEAR, tasks)
              .run(group, "refit", walks, its -> its.refit(task.structure(), task.fitting()));
      return new GroupRefit(group.group(), refit);
    }
  }
}
