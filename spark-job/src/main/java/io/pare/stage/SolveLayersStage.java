package io.pare.stage;

import io.pare.algorithm.Candidate;
import io.pare.algorithm.DenseAlgebra;
import io.pare.algorithm.Form;
import io.pare.algorithm.LayerProblem;
import io.pare.algorithm.LayerSolver;
import io.pare.algorithm.Moments;
import io.pare.algorithm.SampleBlock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Solves every layer group on its own, against the original network's activations: one task for
 * each group and path of candidates. A path's fits share one factorisation, which costs more than
 * the fits themselves, so a path is not cut further.
 */
public final class SolveLayersStage {
  private final JavaSparkContext spark;
  private final int threads;

  /**
   * A candidate of one layer group.
   *
   * @param partition of the group
   * @param form of the path it lies on
   * @param step on that path
   * @param error relative post-activation error on held-out samples
   */
  public record GroupCandidate(int partition, Form form, int step, double error) {}

  /** A stage whose tasks use so many threads of the native libraries. */
  public SolveLayersStage(JavaSparkContext spark, int threads) {
    this.spark = spark;
    this.threads = threads;
  }

  /**
   * The candidates of all layer groups.
   *
   * @param samples of the original network
   * @param groups whose samples they are
   * @param forms to try, at least one
   */
  public List<GroupCandidate> run(LayerSamples samples, LayerGroups groups, Set<Form> forms) {
    List<LayerProblem> problems = groups.problems();
    Broadcast<List<LayerProblem>> shared = spark.broadcast(new ArrayList<>(problems));
    JavaRDD<GroupMoments> moments =
        samples
            .blocks()
            .mapPartitionsWithIndex(new GatherMoments(shared, threads), true)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      spark.setJobDescription("gather statistics of " + problems.size() + " layer groups");
      moments.count();
      List<JavaRDD<GroupCandidate>> paths = new ArrayList<>();
      for (Form form : Form.values()) {
        if (forms.contains(form)) {
          paths.add(moments.zipPartitions(samples.blocks(), new SolvePath(shared, form, threads)));
        }
      }
      spark.setJobDescription("solve " + problems.size() + " layer groups");
      return union(paths).collect();
    } finally {
      moments.unpersist();
      shared.destroy();
    }
  }

  private JavaRDD<GroupCandidate> union(List<JavaRDD<GroupCandidate>> paths) {
    JavaRDD<GroupCandidate> all = paths.get(0);
    for (JavaRDD<GroupCandidate> path : paths.subList(1, paths.size())) {
      all = all.union(path);
    }
    return all;
  }

  /** The moments of one layer group. */
  record GroupMoments(int partition, Moments moments) {}

  private static Iterator<LayerSolver.PairedBlock> unpaired(
      Iterator<Tuple2<SampleKey, SampleBlock>> blocks) {
    return Iterators.mapping(blocks, block -> new LayerSolver.PairedBlock(block._2(), block._2()));
  }

  private static final class GatherMoments
      implements Function2<
          Integer, Iterator<Tuple2<SampleKey, SampleBlock>>, Iterator<GroupMoments>> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<List<LayerProblem>> problems;
    private final int threads;

    GatherMoments(Broadcast<List<LayerProblem>> problems, int threads) {
      this.problems = problems;
      this.threads = threads;
    }

    @Override
    public Iterator<GroupMoments> call(
        Integer partition, Iterator<Tuple2<SampleKey, SampleBlock>> blocks) {
      DenseAlgebra.useThreads(threads);
      Moments moments = LayerSolver.moments(problems.value().get(partition), unpaired(blocks));
      return List.of(new GroupMoments(partition, moments)).iterator();
    }
  }

  private static final class SolvePath
      implements FlatMapFunction2<
          Iterator<GroupMoments>, Iterator<Tuple2<SampleKey, SampleBlock>>, GroupCandidate> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<List<LayerProblem>> problems;
    private final Form form;
    private final int threads;

    SolvePath(Broadcast<List<LayerProblem>> problems, Form form, int threads) {
      this.problems = problems;
      this.form = form;
      this.threads = threads;
    }

    @Override
    public Iterator<GroupCandidate> call(
        Iterator<GroupMoments> moments, Iterator<Tuple2<SampleKey, SampleBlock>> blocks) {
      DenseAlgebra.useThreads(threads);
      GroupMoments group = moments.next();
      LayerProblem problem = problems.value().get(group.partition());
      int[] steps = form.steps(problem.shape());
      List<GroupCandidate> result = new ArrayList<>();
      if (form.applies(problem.shape()) && steps.length > 0) {
        List<Candidate> path =
            new LayerSolver(problem, group.moments()).path(form, steps, unpaired(blocks));
        for (int k = 0; k < steps.length; k++) {
          result.add(new GroupCandidate(group.partition(), form, steps[k], path.get(k).error()));
        }
      }
      return result.iterator();
    }
  }
}
