package io.pare.stage;

import io.pare.algorithm.Approximation;
import io.pare.algorithm.Candidate;
import io.pare.algorithm.DenseAlgebra;
import io.pare.algorithm.LayerProblem;
import io.pare.algorithm.LayerSolver;
import io.pare.algorithm.Moments;
import io.pare.algorithm.SampleBlock;
import io.pare.algorithm.Structure;
import io.pare.algorithm.candidate.Family;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
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
   * @param family that it belongs to
   * @param step place in the family: of a low-rank form the step on its path, else a number
   * @param structure of the group
   * @param error relative post-activation error on held-out samples
   */
  public record GroupCandidate(
      int partition, Family family, int step, Structure structure, double error) {}

  /** A stage whose tasks use so many threads of the native libraries. */
  public SolveLayersStage(JavaSparkContext spark, int threads) {
    this.spark = spark;
    this.threads = threads;
  }

  /**
   * Gathers the moments of all layer groups; they stay on the executors until the statistics are
   * closed.
   *
   * @param samples of the original network
   * @param groups whose samples they are
   */
  public Statistics gather(LayerSamples samples, LayerGroups groups) {
    Broadcast<List<LayerProblem>> problems = spark.broadcast(new ArrayList<>(groups.problems()));
    JavaRDD<GroupMoments> moments =
        samples
            .blocks()
            .mapPartitionsWithIndex(new GatherMoments(problems, threads), true)
            .persist(StorageLevel.DISK_ONLY());
    spark.setJobDescription("gather statistics of " + groups.problems().size() + " layer groups");
    moments.count();
    return new Statistics(samples, problems, moments, groups.groupCounts());
  }

  /** The moments of all layer groups, from which any structure can be fitted. */
  public final class Statistics implements AutoCloseable {
    private final LayerSamples samples;
    private final Broadcast<List<LayerProblem>> problems;
    private final JavaRDD<GroupMoments> moments;
    private final int[] groupCounts;

    private Statistics(
        LayerSamples samples,
        Broadcast<List<LayerProblem>> problems,
        JavaRDD<GroupMoments> moments,
        int[] groupCounts) {
      this.samples = samples;
      this.groupCounts = groupCounts;
      this.problems = problems;
      this.moments = moments;
    }

    /**
     * The candidates of all layer groups.
     *
     * @param families to try, at least one
     */
    public List<GroupCandidate> candidates(Set<Family> families) {
      JavaRDD<GroupCandidate> all = spark.emptyRDD();
      for (Family family : Family.values()) {
        if (families.contains(family)) {
          all =
              all.union(
                  moments.zipPartitions(
                      samples.blocks(), new SolvePath(problems, family, groupCounts, threads)));
        }
      }
      spark.setJobDescription("solve " + samples.partitions() + " layer groups");
      return all.collect();
    }

    /**
     * Linear fits of chosen structures.
     *
     * @param wanted by partition
     * @return in the same order within each partition
     */
    public Map<Integer, List<Approximation>> fits(Map<Integer, List<Structure.Sum>> wanted) {
      spark.setJobDescription("fit chosen candidates of " + wanted.size() + " layer groups");
      Map<Integer, List<Approximation>> fits = new TreeMap<>();
      for (GroupFits group :
          moments.flatMap(new FitStructures(problems, wanted, threads)).collect()) {
        fits.put(group.partition(), group.fits());
      }
      return fits;
    }

    /** The moments themselves, one of each layer group, by partition. */
    List<GroupMoments> moments() {
      return moments.collect();
    }

    @Override
    public void close() {
      moments.unpersist();
      problems.destroy();
    }
  }

  /** The fits of one layer group. */
  record GroupFits(int partition, List<Approximation> fits) {}

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

  private static final class FitStructures implements FlatMapFunction<GroupMoments, GroupFits> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<List<LayerProblem>> problems;
    private final TreeMap<Integer, List<Structure.Sum>> wanted;
    private final int threads;

    FitStructures(
        Broadcast<List<LayerProblem>> problems,
        Map<Integer, List<Structure.Sum>> wanted,
        int threads) {
      this.problems = problems;
      this.wanted = new TreeMap<>(wanted);
      this.threads = threads;
    }

    @Override
    public Iterator<GroupFits> call(GroupMoments group) {
      List<Structure.Sum> structures = wanted.getOrDefault(group.partition(), List.of());
      if (structures.isEmpty()) {
        return Collections.emptyIterator();
      }
      DenseAlgebra.useThreads(threads);
      LayerSolver solver =
          new LayerSolver(problems.value().get(group.partition()), group.moments());
      return List.of(
              new GroupFits(group.partition(), structures.stream().map(solver::fit).toList()))
          .iterator();
    }
  }

  private static final class SolvePath
      implements FlatMapFunction2<
          Iterator<GroupMoments>, Iterator<Tuple2<SampleKey, SampleBlock>>, GroupCandidate> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<List<LayerProblem>> problems;
    private final Family family;
    private final int[] groupCounts;
    private final int threads;

    SolvePath(
        Broadcast<List<LayerProblem>> problems, Family family, int[] groupCounts, int threads) {
      this.problems = problems;
      this.family = family;
      this.groupCounts = groupCounts;
      this.threads = threads;
    }

    @Override
    public Iterator<GroupCandidate> call(
        Iterator<GroupMoments> moments, Iterator<Tuple2<SampleKey, SampleBlock>> blocks) {
      DenseAlgebra.useThreads(threads);
      GroupMoments group = moments.next();
      LayerProblem problem = problems.value().get(group.partition());
      if (!family.applies(problem.shape(), groupCounts[group.partition()])) {
        return Collections.emptyIterator();
      }
      LayerSolver solver = new LayerSolver(problem, group.moments());
      int[] steps = family.form().map(form -> form.steps(problem.shape())).orElse(new int[0]);
      List<Candidate> candidates =
          family.form().isPresent()
              ? solver.path(family.form().get(), steps, unpaired(blocks))
              : solver.judged(family.structures(solver.regression()), unpaired(blocks));
      List<GroupCandidate> result = new ArrayList<>();
      for (int k = 0; k < candidates.size(); k++) {
        result.add(
            new GroupCandidate(
                group.partition(),
                family,
                family.form().isPresent() ? steps[k] : k,
                candidates.get(k).structure(),
                candidates.get(k).error()));
      }
      return result.iterator();
    }
  }
}
