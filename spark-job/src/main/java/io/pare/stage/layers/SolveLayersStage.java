package io.pare.stage.layers;

import io.pare.algorithm.admm.Trace;
import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.candidate.Proposal;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.LayerSolver;
import io.pare.algorithm.fit.WideSolver;
import io.pare.algorithm.statistics.FitSpace;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Candidate;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import io.pare.stage.spark.Checkpoints;
import io.pare.stage.spark.FinishedPartitions;
import io.pare.stage.spark.PrunedPartitions;
import io.pare.stage.spark.RunCounters;
import io.pare.stage.spark.TaskFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.storage.StorageLevel;

/**
 * Solves every layer group on its own, against the original network's activations: one task for
 * each group and path of candidates. A path's fits share one factorisation, which costs more than
 * the fits themselves, so a path is not cut further.
 */
public final class SolveLayersStage {
  private final JavaSparkContext spark;
  private final int threads;
  private final double admmShare;

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

  /**
   * A stage.
   *
   * @param threads of the native libraries in a task
   * @param admmShare of a layer's solving work that the ADMM may take, in [0, 1)
   */
  public SolveLayersStage(JavaSparkContext spark, int threads, double admmShare) {
    this.spark = spark;
    this.threads = threads;
    this.admmShare = admmShare;
  }

  /**
   * The statistics of all layer groups. They are computed when they are first asked for, and stay
   * on the executors until they are closed.
   *
   * @param samples of the original network
   * @param groups whose samples they are
   */
  public Statistics gather(LayerSamples samples, LayerGroups groups) {
    ProblemsOnExecutors problems = ProblemsOnExecutors.ship(spark, groups);
    LayerOutputs outputs = LayerOutputs.of(samples, problems, threads);
    JavaRDD<PairedBlock> paired = samples.pairedWith(outputs.blocks());
    JavaRDD<GroupMoments> moments =
        paired
            .mapPartitionsWithIndex(new GatherMoments(problems, threads), true)
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
    private final ProblemsOnExecutors problems;
    private final JavaRDD<GroupMoments> moments;
    private final LayerGroups groups;

    private Statistics(
        LayerOutputs outputs,
        JavaRDD<PairedBlock> paired,
        ProblemsOnExecutors problems,
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
          all = all.union(moments.zipPartitions(paired, new SolvePath(solving, family, admmShare)));
        }
      }
      spark.setJobDescription("solve " + outputs.partitions() + " layer groups");
      // The wide ones first: one of them at the end would keep one core busy and the others idle.
      Comparator<Integer> byColumns =
          Comparator.comparingInt(path -> groups.shape(path % outputs.partitions()).columns());
      Map<Boolean, List<Integer>> byPlace =
          paths.missing().stream()
              .sorted(byColumns.reversed())
              .collect(
                  Collectors.partitioningBy(path -> outputs.isSpread(path % outputs.partitions())));
      FinishedPartitions.run(all, byPlace.get(false), paths::finished);
      for (int path : byPlace.get(true)) {
        int partition = path % outputs.partitions();
        LayerShape shape = groups.shape(partition);
        paths.finished(
            path,
            spread(
                partition,
                solver -> WideFits.candidates(partition, shape, solver, paths.fitting())));
      }
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
      TreeMap<Integer, List<Structure.Sum>> inTasks = new TreeMap<>(wanted);
      inTasks.keySet().removeIf(partition -> problems.space(partition) != FitSpace.SAMPLES);
      TreeMap<Integer, List<Structure.Sum>> spread = new TreeMap<>(wanted);
      spread.keySet().removeIf(partition -> problems.space(partition) != FitSpace.EXECUTORS);
      Solving solving = new Solving(problems, fitting, threads);
      List<GroupFits> groupFits =
          new ArrayList<>(
              PrunedPartitions.of(moments, wanted.keySet())
                  .flatMap(new FitStructures(solving, wanted, care))
                  .collect());
      groupFits.addAll(WideFits.fits(paired, solving, inTasks));
      spread.forEach(
          (partition, structures) ->
              groupFits.add(
                  new GroupFits(
                      partition, spread(partition, each -> each.fits(structures, fitting)))));
      groupFits.forEach(group -> fits.put(group.partition(), group.fits()));
      return fits;
    }

    /** Solves a layer group whose columns are spread over the executors. */
    private <T> T spread(int partition, Function<WideSolver, T> solved) {
      try (DistributedLayer layer =
          new DistributedLayer(
              spark,
              PrunedPartitions.of(paired, List.of(partition)),
              problems,
              partition,
              threads)) {
        return solved.apply(layer.solver());
      }
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

  /** How well structures are fitted. */
  private enum Care {
    FIT,
    SKETCH
  }

  /** The fits of one layer group. */
  public record GroupFits(int partition, List<Approximation> fits) {}

  /**
   * The moments of one layer group.
   *
   * @param moments none where the group has no Gram matrix
   */
  public record GroupMoments(int partition, Optional<Moments> moments) {}

  private static final class GatherMoments
      implements Function2<Integer, Iterator<PairedBlock>, Iterator<GroupMoments>> {
    private static final long serialVersionUID = 1L;
    private final ProblemsOnExecutors problems;
    private final int threads;

    GatherMoments(ProblemsOnExecutors problems, int threads) {
      this.problems = problems;
      this.threads = threads;
    }

    @Override
    public Iterator<GroupMoments> call(Integer partition, Iterator<PairedBlock> blocks) {
      DenseAlgebra.useThreads(threads);
      LayerProblem problem = problems.of(partition);
      Optional<Moments> moments =
          problem.space().hasGram()
              ? Optional.of(
                  TaskFailure.named(
                      problem.name() + ", statistics",
                      () -> LayerSolver.moments(problem, PairedBlock.chunks(blocks))))
              : Optional.empty();
      return List.of(new GroupMoments(partition, moments)).iterator();
    }
  }

  private static final class FitStructures implements FlatMapFunction<GroupMoments, GroupFits> {
    private static final long serialVersionUID = 1L;
    private final Solving solving;
    private final TreeMap<Integer, List<Structure.Sum>> wanted;
    private final Care care;

    FitStructures(Solving solving, Map<Integer, List<Structure.Sum>> wanted, Care care) {
      this.solving = solving;
      this.wanted = new TreeMap<>(wanted);
      this.care = care;
    }

    @Override
    public Iterator<GroupFits> call(GroupMoments group) {
      List<Structure.Sum> structures = wanted.getOrDefault(group.partition(), List.of());
      if (structures.isEmpty() || group.moments().isEmpty()) {
        return Collections.emptyIterator();
      }
      List<Approximation> fits =
          TaskFailure.named(
              solving.name(group.partition()) + ", fit", () -> fits(group, structures));
      return List.of(new GroupFits(group.partition(), fits)).iterator();
    }

    private List<Approximation> fits(GroupMoments group, List<Structure.Sum> structures) {
      LayerSolver solver = solving.solver(group.partition(), group.moments().orElseThrow());
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
    private final double admmShare;

    SolvePath(Solving solving, Family family, double admmShare) {
      this.solving = solving;
      this.family = family;
      this.admmShare = admmShare;
    }

    @Override
    public Iterator<GroupCandidate> call(
        Iterator<GroupMoments> moments, Iterator<PairedBlock> blocks) {
      // The families' partitions follow one another, each family has those of all groups.
      int partition = TaskContext.getPartitionId() % solving.problems().partitions();
      return TaskFailure.named(
          solving.name(partition) + ", candidates of " + family,
          () -> solve(moments.next(), blocks));
    }

    private Iterator<GroupCandidate> solve(GroupMoments group, Iterator<PairedBlock> blocks) {
      int partition = group.partition();
      LayerShape shape = solving.problems().of(partition).shape();
      if (group.moments().isEmpty()) {
        RunCounters.LAYERS_SOLVED.increment();
        WideSolver solver = solving.solver(partition, blocks);
        return WideFits.candidates(partition, shape, solver, solving.fitting()).iterator();
      }
      LayerSolver solver = solving.solver(group.partition(), group.moments().orElseThrow());
      Iterator<PairedBlock> chunks = PairedBlock.chunks(blocks);
      List<GroupCandidate> candidates =
          family.form().isPresent()
              ? path(partition, shape, solver, chunks)
              : proposed(partition, solver, chunks);
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
      List<Proposal> proposals = family.proposals(solver.regression(), admmShare);
      List<Candidate> candidates =
          solver.judged(proposals.stream().map(Proposal::structure).toList(), chunks);
      List<GroupCandidate> result = new ArrayList<>();
      for (int k = 0; k < candidates.size(); k++) {
        Proposal proposal = proposals.get(k);
        result.add(candidate(partition, proposal.step(), candidates.get(k), proposal.trace()));
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
