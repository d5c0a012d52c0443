package io.pare.stage;

import io.pare.algorithm.ActivationRounds;
import io.pare.algorithm.Approximation;
import io.pare.algorithm.DenseAlgebra;
import io.pare.algorithm.Fitting;
import io.pare.algorithm.LayerProblem;
import io.pare.algorithm.LayerSolver;
import io.pare.algorithm.PairedBlock;
import io.pare.algorithm.Structure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/**
 * Refits layers whose inputs come from the network compressed so far, so that each repairs what the
 * layers before it have left (asymmetric reconstruction, algorithm.md section 5).
 *
 * <p>Target and input of a sample are the same position of the same image in the original and in
 * the compressed network. The refit is kept only where it does better on held-out samples than the
 * projection of the original weights in the metric of the same inputs.
 */
final class RefitLayersStage {
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
  record GroupFit(int order, Approximation approximation, double error, boolean refitted) {}

  /**
   * What is to be fitted.
   *
   * @param partition of the group in the original's samples
   * @param problem with the original weights
   * @param structure that the plan decided
   * @param fitting linear, or to the outputs after the nonlinearity
   */
  record GroupTask(int partition, LayerProblem problem, Structure.Sum structure, Fitting fitting) {}

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
   * @param names of the groups, in the same order
   */
  List<GroupFit> run(
      LayerOutputs originals, LayerSamples compressed, List<GroupTask> tasks, String[] names) {
    Broadcast<List<GroupTask>> shared = spark.broadcast(new ArrayList<>(tasks));
    boolean[] wanted = new boolean[originals.partitions()];
    tasks.forEach(task -> wanted[task.partition()] = true);
    LayerOutputs targets = new LayerOutputs(originals.only(wanted), tasks.size());
    try {
      List<GroupFit> fits =
          new ArrayList<>(
              compressed
                  .pairedWith(targets)
                  .mapPartitionsWithIndex(new FitGroup(shared, threads, names), true)
                  .collect());
      fits.sort(Comparator.comparingInt(GroupFit::order));
      return fits;
    } finally {
      shared.destroy();
    }
  }

  private static final class FitGroup
      implements Function2<Integer, Iterator<PairedBlock>, Iterator<GroupFit>> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<List<GroupTask>> tasks;
    private final int threads;
    private final String[] names;

    FitGroup(Broadcast<List<GroupTask>> tasks, int threads, String[] names) {
      this.tasks = tasks;
      this.threads = threads;
      this.names = names;
    }

    @Override
    public Iterator<GroupFit> call(Integer order, Iterator<PairedBlock> blocks) {
      DenseAlgebra.useThreads(threads);
      List<PairedBlock> chunks = new ArrayList<>();
      GroupFit fit =
          TaskFailure.named(
              names[order] + ", refit",
              () -> {
                PairedBlock.chunks(blocks).forEachRemaining(chunks::add);
                return fit(order, tasks.value().get(order), chunks::iterator);
              });
      return List.of(fit).iterator();
    }

    private static GroupFit fit(int order, GroupTask task, Supplier<Iterator<PairedBlock>> blocks) {
      LayerProblem problem = task.problem();
      LayerSolver solver = new LayerSolver(problem, LayerSolver.moments(problem, blocks.get()));
      ActivationRounds.Result refit = solver.refit(task.structure(), task.fitting(), blocks);
      Approximation plain = solver.projection(task.structure());
      double error = solver.errors(List.of(plain), blocks.get())[0];
      return refit.error() < error
          ? new GroupFit(order, refit.approximation(), refit.error(), true)
          : new GroupFit(order, plain, error, false);
    }
  }
}
