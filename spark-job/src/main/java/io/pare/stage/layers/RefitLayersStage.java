package io.pare.stage.layers;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.fit.ActivationRounds;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.LayerSolver;
import io.pare.algorithm.fit.WideSolver;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Structure;
import io.pare.stage.spark.PrunedPartitions;
import io.pare.stage.spark.TaskFailure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
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
  private final JavaSparkContext spark;
  private final int threads;

  /**
   * The fit of one layer group.
   *
   * @param order place in the order in which the groups were asked for
   * @param approximation what replaces the group
   * @param error relative post-activation error on held-out samples, against the original's
   *     activations
   * @param refitted whether the refit was kept rather than the projection
   */
  public record GroupFit(int order, Approximation approximation, double error, boolean refitted) {}

  /**
   * What is to be fitted.
   *
   * @param partition of the group in the original's samples
   * @param structure that the plan decided
   * @param fitting linear, or to the outputs after the nonlinearity
   */
  public record GroupTask(int partition, Structure.Sum structure, Fitting fitting)
      implements Serializable {}

  RefitLayersStage(JavaSparkContext spark, int threads) {
    this.spark = spark;
    this.threads = threads;
  }

  /**
   * Fits some layer groups, none of which feeds another.
   *
   * @param originals outputs of the original layers
   * @param compressed samples of the network compressed so far: partition k belongs to task k
   * @param tasks in ascending order of their partitions
   */
  List<GroupFit> run(LayerOutputs originals, LayerSamples compressed, List<GroupTask> tasks) {
    List<Integer> partitions = tasks.stream().map(GroupTask::partition).toList();
    JavaRDD<PairedBlock> paired =
        compressed.pairedWith(PrunedPartitions.of(originals.blocks(), partitions));
    Map<Boolean, List<Integer>> byPlace =
        IntStream.range(0, tasks.size())
            .boxed()
            .collect(
                Collectors.partitioningBy(
                    order -> originals.isSpread(tasks.get(order).partition())));
    FitGroup fit = new FitGroup(originals.problems(), tasks, threads);
    List<GroupFit> fits =
        new ArrayList<>(
            PrunedPartitions.of(paired.mapPartitionsWithIndex(fit, true), byPlace.get(false))
                .collect());
    for (int order : byPlace.get(true)) {
      GroupTask task = tasks.get(order);
      try (DistributedLayer layer =
          new DistributedLayer(
              spark,
              PrunedPartitions.of(paired, List.of(order)),
              originals.problems(),
              task.partition(),
              threads)) {
        fits.add(wide(order, task, layer.solver()));
      }
    }
    fits.sort(Comparator.comparingInt(GroupFit::order));
    return fits;
  }

  private static GroupFit wide(int order, GroupTask task, WideSolver solver) {
    return better(
        order, solver.refit(task.structure(), task.fitting()), solver.projection(task.structure()));
  }

  private static GroupFit better(
      int order, ActivationRounds.Result refit, ActivationRounds.Result plain) {
    return refit.error() < plain.error()
        ? new GroupFit(order, refit.approximation(), refit.error(), true)
        : new GroupFit(order, plain.approximation(), plain.error(), false);
  }

  private static final class FitGroup
      implements Function2<Integer, Iterator<PairedBlock>, Iterator<GroupFit>> {
    private static final long serialVersionUID = 1L;
    private final ProblemsOnExecutors problems;
    private final ArrayList<GroupTask> tasks;
    private final int threads;

    FitGroup(ProblemsOnExecutors problems, List<GroupTask> tasks, int threads) {
      this.problems = problems;
      this.tasks = new ArrayList<>(tasks);
      this.threads = threads;
    }

    @Override
    public Iterator<GroupFit> call(Integer order, Iterator<PairedBlock> blocks) {
      DenseAlgebra.useThreads(threads);
      GroupTask task = tasks.get(order);
      LayerProblem problem = problems.of(task.partition());
      GroupFit fit =
          TaskFailure.named(problem.name() + ", refit", () -> fit(order, task, problem, blocks));
      return List.of(fit).iterator();
    }

    private static GroupFit fit(
        int order, GroupTask task, LayerProblem problem, Iterator<PairedBlock> blocks) {
      List<PairedBlock> chunks = new ArrayList<>();
      PairedBlock.chunks(blocks).forEachRemaining(chunks::add);
      if (!problem.space().hasGram()) {
        return wide(order, task, WideSolver.of(problem, PairedBlock.joined(chunks)));
      }
      LayerSolver solver =
          new LayerSolver(problem, LayerSolver.moments(problem, chunks.iterator()));
      LayerSolver.Rivals rivals = solver.rivals(task.structure(), task.fitting(), chunks::iterator);
      double error = solver.errors(List.of(rivals.projection()), chunks.iterator())[0];
      return better(
          order,
          rivals.refit(),
          new ActivationRounds.Result(rivals.projection(), error, List.of()));
    }
  }
}
