package io.pare.stage;

import io.pare.algorithm.Approximation;
import io.pare.algorithm.Candidate;
import io.pare.algorithm.DenseAlgebra;
import io.pare.algorithm.Fitting;
import io.pare.algorithm.Form;
import io.pare.algorithm.LayerProblem;
import io.pare.algorithm.LayerShape;
import io.pare.algorithm.LayerSolver;
import io.pare.algorithm.Moments;
import io.pare.algorithm.PairedBlock;
import io.pare.algorithm.Structure;
import io.pare.algorithm.admm.Trace;
import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.candidate.Proposal;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;

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
   * @param trace of the ADMM that found it, where one did
   */
  public record GroupCandidate(
      int partition,
      Family family,
      int step,
      Structure structure,
      double error,
      Optional<Trace> trace) {}

  /** A stage whose tasks use so many threads of the native libraries. */
  public SolveLayersStage(JavaSparkContext spark, int threads) {
    this.spark = spark;
    this.threads = threads;
  }

  /**
   * The statistics of all layer groups. They are computed when they are first asked for, and stay
   * on the executors until they are closed.
   *
   * @param samples of the original network
   * @param groups whose samples they are
   */
  public Statistics gather(LayerSamples samples, LayerGroups groups) {
    Broadcast<List<LayerProblem>> problems = spark.broadcast(new ArrayList<>(groups.problems()));
    LayerOutputs outputs = LayerOutputs.of(samples, problems, threads);
    JavaRDD<PairedBlock> paired = samples.pairedWith(outputs);
    JavaRDD<GroupMoments> moments =
        paired
            .mapPartitionsWithIndex(new GatherMoments(problems, threads, groups.names()), true)
            .persist(StorageLevel.DISK_ONLY());
    return new Statistics(outputs, paired, problems, moments, groups);
  }

  /**
   * What is known of all layer groups: their outputs, and the moments from which any structure can
   * be fitted. Held on the executors' disks.
   */
  public final class Statistics implements AutoCloseable {
    private final LayerOutputs outputs;
    private final JavaRDD<PairedBlock> paired;
    private final Broadcast<List<LayerProblem>> problems;
    private final JavaRDD<GroupMoments> moments;
    private final LayerGroups groups;

    private Statistics(
        LayerOutputs outputs,
        JavaRDD<PairedBlock> paired,
        Broadcast<List<LayerProblem>> problems,
        JavaRDD<GroupMoments> moments,
        LayerGroups groups) {
      this.outputs = outputs;
      this.paired = paired;
      this.problems = problems;
      this.moments = moments;
      this.groups = groups;
    }

    /** Gathers the moments of all layer groups, ahead of what needs them. */
    public void gather() {
      spark.setJobDescription("gather statistics of " + outputs.partitions() + " layer groups");
      moments.count();
    }

    /**
     * The paths of candidates of all layer groups, as far as earlier runs have solved them.
     *
     * @param families to try, at least one
     * @param fitting of the candidates: the weights alone, or else linear
     */
    public SolvedPaths paths(Set<Family> families, Fitting fitting, Checkpoints checkpoints) {
      return new SolvedPaths(groups, families, fitting, checkpoints);
    }

    /**
     * The candidates of all layer groups, fitted before the nonlinearity and judged after it.
     * Solves what is missing.
     */
    public List<GroupCandidate> candidates(SolvedPaths paths) {
      Solving solving = new Solving(problems, paths.fitting(), threads);
      JavaRDD<GroupCandidate> all = spark.emptyRDD();
      for (Family family : Family.values()) {
        if (paths.families().contains(family)) {
          all = all.union(moments.zipPartitions(paired, new SolvePath(solving, family, groups)));
        }
      }
      spark.setJobDescription("solve " + outputs.partitions() + " layer groups");
      FinishedPartitions.run(all, paths.missing(), paths::finished);
      return paths.candidates();
    }

    /**
     * Fits of chosen structures before the nonlinearity.
     *
     * @param wanted by partition
     * @param fitting the weights alone, or else linear
     * @return in the same order within each partition
     */
    public Map<Integer, List<Approximation>> fits(
        Map<Integer, List<Structure.Sum>> wanted, Fitting fitting) {
      return fitted(wanted, fitting, Care.FIT);
    }

    /** The same in less time: the fits that the candidates' errors were measured with. */
    public Map<Integer, List<Approximation>> sketches(
        Map<Integer, List<Structure.Sum>> wanted, Fitting fitting) {
      return fitted(wanted, fitting, Care.SKETCH);
    }

    private Map<Integer, List<Approximation>> fitted(
        Map<Integer, List<Structure.Sum>> wanted, Fitting fitting, Care care) {
      spark.setJobDescription("fit chosen candidates of " + wanted.size() + " layer groups");
      Map<Integer, List<Approximation>> fits = new TreeMap<>();
      FitStructures fit =
          new FitStructures(new Solving(problems, fitting, threads), wanted, care, groups.names());
      for (GroupFits group : moments.flatMap(fit).collect()) {
        fits.put(group.partition(), group.fits());
      }
      return fits;
    }

    /** What the original layers put out for their samples. */
    public LayerOutputs outputs() {
      return outputs;
    }

    /** The moments themselves, one of each layer group, by partition. */
    List<GroupMoments> moments() {
      return moments.collect();
    }

    @Override
    public void close() {
      moments.unpersist();
      outputs.release();
      problems.destroy();
    }
  }

  /**
   * How layer groups are solved.
   *
   * @param problems by partition
   * @param fitting the weights alone, or else linear
   * @param threads of the native libraries
   */
  private record Solving(Broadcast<List<LayerProblem>> problems, Fitting fitting, int threads)
      implements Serializable {

    LayerSolver solver(GroupMoments group) {
      DenseAlgebra.useThreads(threads);
      LayerProblem problem = problems.value().get(group.partition());
      return fitting == Fitting.WEIGHTS
          ? LayerSolver.ofWeights(problem)
          : new LayerSolver(problem, group.moments());
    }
  }

  /** How well structures are fitted. */
  private enum Care {
    FIT,
    SKETCH
  }

  /** The fits of one layer group. */
  record GroupFits(int partition, List<Approximation> fits) {}

  /** The moments of one layer group. */
  record GroupMoments(int partition, Moments moments) {}

  private static final class GatherMoments
      implements Function2<Integer, Iterator<PairedBlock>, Iterator<GroupMoments>> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<List<LayerProblem>> problems;
    private final int threads;
    private final String[] names;

    GatherMoments(Broadcast<List<LayerProblem>> problems, int threads, String[] names) {
      this.problems = problems;
      this.threads = threads;
      this.names = names;
    }

    @Override
    public Iterator<GroupMoments> call(Integer partition, Iterator<PairedBlock> blocks) {
      DenseAlgebra.useThreads(threads);
      Moments moments =
          TaskFailure.named(
              names[partition] + ", statistics",
              () ->
                  LayerSolver.moments(problems.value().get(partition), PairedBlock.chunks(blocks)));
      return List.of(new GroupMoments(partition, moments)).iterator();
    }
  }

  private static final class FitStructures implements FlatMapFunction<GroupMoments, GroupFits> {
    private static final long serialVersionUID = 1L;
    private final Solving solving;
    private final TreeMap<Integer, List<Structure.Sum>> wanted;
    private final Care care;
    private final String[] names;

    FitStructures(
        Solving solving, Map<Integer, List<Structure.Sum>> wanted, Care care, String[] names) {
      this.solving = solving;
      this.wanted = new TreeMap<>(wanted);
      this.care = care;
      this.names = names;
    }

    @Override
    public Iterator<GroupFits> call(GroupMoments group) {
      List<Structure.Sum> structures = wanted.getOrDefault(group.partition(), List.of());
      if (structures.isEmpty()) {
        return Collections.emptyIterator();
      }
      List<Approximation> fits =
          TaskFailure.named(names[group.partition()] + ", fit", () -> fits(group, structures));
      return List.of(new GroupFits(group.partition(), fits)).iterator();
    }

    private List<Approximation> fits(GroupMoments group, List<Structure.Sum> structures) {
      LayerSolver solver = solving.solver(group);
      return structures.stream()
          .map(each -> care == Care.FIT ? solver.fit(each) : solver.sketch(each))
          .toList();
    }
  }

  private static final class SolvePath
      implements FlatMapFunction2<Iterator<GroupMoments>, Iterator<PairedBlock>, GroupCandidate> {
    private static final long serialVersionUID = 1L;
    private final Solving solving;
    private final Family family;
    private final int[] groupCounts;
    private final String[] names;

    SolvePath(Solving solving, Family family, LayerGroups groups) {
      this.solving = solving;
      this.family = family;
      groupCounts = groups.groupCounts();
      names = groups.names();
    }

    @Override
    public Iterator<GroupCandidate> call(
        Iterator<GroupMoments> moments, Iterator<PairedBlock> blocks) {
      // The families' partitions follow one another, each family has those of all groups.
      String name = names[TaskContext.getPartitionId() % names.length];
      return TaskFailure.named(
          name + ", candidates of " + family, () -> solve(moments.next(), blocks));
    }

    private Iterator<GroupCandidate> solve(GroupMoments group, Iterator<PairedBlock> blocks) {
      LayerShape shape = solving.problems().value().get(group.partition()).shape();
      if (!family.applies(shape, groupCounts[group.partition()])) {
        return Collections.emptyIterator();
      }
      LayerSolver solver = solving.solver(group);
      Iterator<PairedBlock> chunks = PairedBlock.chunks(blocks);
      List<GroupCandidate> candidates =
          family.form().isPresent()
              ? path(group.partition(), shape, solver, chunks)
              : proposed(group.partition(), solver, chunks);
      RunCounters.LAYERS_SOLVED.increment();
      return candidates.iterator();
    }

    private List<GroupCandidate> path(
        int partition, LayerShape shape, LayerSolver solver, Iterator<PairedBlock> chunks) {
      Form form = family.form().orElseThrow();
      int[] steps = form.steps(shape);
      List<Candidate> candidates = solver.path(form, steps, chunks);
      List<GroupCandidate> result = new ArrayList<>();
      for (int k = 0; k < steps.length; k++) {
        result.add(candidate(partition, steps[k], candidates.get(k), Optional.empty()));
      }
      return result;
    }

    private List<GroupCandidate> proposed(
        int partition, LayerSolver solver, Iterator<PairedBlock> chunks) {
      List<Proposal> proposals = family.proposals(solver.regression());
      List<Candidate> candidates =
          solver.judged(proposals.stream().map(Proposal::structure).toList(), chunks);
      List<GroupCandidate> result = new ArrayList<>();
      for (int k = 0; k < candidates.size(); k++) {
        result.add(candidate(partition, k, candidates.get(k), proposals.get(k).trace()));
      }
      return result;
    }

    private GroupCandidate candidate(
        int partition, int step, Candidate candidate, Optional<Trace> trace) {
      return new GroupCandidate(
          partition, family, step, candidate.structure(), candidate.error(), trace);
    }
  }
}
