package io.pare.stage.layers;

import io.pare.algorithm.candidate.AdmmBudget;
import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.candidate.GroupCandidate;
import io.pare.algorithm.candidate.Search;
import io.pare.algorithm.candidate.SolvedPath;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.LayerFits;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.LayerStatistics;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.wide.FitsBySpace;
import io.pare.stage.spark.Checkpoints;
import io.pare.stage.spark.FinishedPartitions;
import io.pare.stage.spark.PrunedPartitions;
import io.pare.stage.spark.RunCounters;
import io.pare.stage.spark.TaskRunner;
import io.pare.stage.spark.WalkedPartitions;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.storage.StorageLevel;

/**
 * Solves every layer group on its own, against the original network's activations: one task for
 * each group and path of candidates. A path's fits share one factorisation, which costs more than
 * the fits themselves, so a path is not cut further.
 */
public final class SolveLayersStage {
  private final JavaSparkContext spark;
  private final TaskRunner tasks;
  private final double admmShare;

  /**
   * A stage.
   *
   * @param threads of the native libraries in a task
   * @param admmShare of the solving work of all layers that the ADMM may take, in [0, 1)
   */
  public SolveLayersStage(JavaSparkContext spark, int threads, double admmShare) {
    this.spark = spark;
    tasks = TaskRunner.of(spark, threads);
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
    LayerOutputs outputs = LayerOutputs.of(samples, problems, tasks);
    JavaRDD<PairedBlock> paired = samples.pairedWith(outputs.blocks());
    JavaRDD<GroupStatistics> moments =
        paired
            .mapPartitionsWithIndex(new GatherStatistics(problems, tasks), true)
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
    private final JavaRDD<GroupStatistics> moments;
    private final LayerGroups groups;
    private final Map<LayerGroup, WideGroup> wide = new TreeMap<>();
    private final TriedFits tried = new TriedFits();

    private Statistics(
        LayerOutputs outputs,
        JavaRDD<PairedBlock> paired,
        ProblemsOnExecutors problems,
        JavaRDD<GroupStatistics> moments,
        LayerGroups groups) {
      this.outputs = outputs;
      this.paired = paired;
      this.problems = problems;
      this.moments = moments;
      this.groups = groups;
    }

    /** Gathers the moments of all layer groups, ahead of what needs them. */
    public void gather() {
      spark.setJobDescription("gather statistics of " + problems.partitions() + " layer groups");
      narrow().count();
      groups.groups().stream().filter(problems::isWide).forEach(this::wide);
    }

    /** The statistics that are gathered in a task for each group. */
    private JavaRDD<GroupStatistics> narrow() {
      return PrunedPartitions.of(
          moments,
          groups.groups().stream()
              .filter(group -> !problems.isWide(group))
              .map(problems::partition)
              .toList());
    }

    /** Gathers the statistics of a wide group, once. */
    private WideGroup wide(LayerGroup group) {
      return wide.computeIfAbsent(
          group,
          its -> {
            int partition = problems.partition(its);
            spark.setJobDescription("gather statistics of " + groups.name(its));
            return new WideGroup(
                PrunedPartitions.of(paired, List.of(partition)), problems, partition, tasks);
          });
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
      Solving solving = new Solving(problems, paths.fitting(), tasks);
      AdmmBudget budget = AdmmBudget.of(admmShare, groups.shapesWithSums(), paths.families());
      TreeMap<LayerGroup, Search> searches = new TreeMap<>();
      groups
          .groups()
          .forEach(group -> searches.put(group, new Search(budget, groups.together(group))));
      JavaRDD<SolvedPath> all = spark.emptyRDD();
      List<GroupPath> numbered = new ArrayList<>();
      for (Family family : paths.families()) {
        all = all.union(worked(new SolvePath(solving, family, searches)));
        groups.groups().forEach(group -> numbered.add(new GroupPath(family, group)));
      }
      spark.setJobDescription("solve " + problems.partitions() + " layer groups");
      // The wide ones first: one of them at the end would keep one core busy and the others idle.
      Comparator<GroupPath> byColumns =
          Comparator.comparingInt(path -> groups.shape(path.group()).columns());
      Map<Boolean, List<GroupPath>> spread =
          paths.missing().stream()
              .sorted(byColumns.reversed())
              .collect(Collectors.partitioningBy(path -> problems.isWide(path.group())));
      int kept = tried.keep(all);
      FinishedPartitions.run(
          all.flatMap(path -> path.candidates().iterator()),
          spread.get(false).stream().map(numbered::indexOf).toList(),
          (place, candidates) -> {
            tried.solved(kept, place, paths.fitting(), candidates);
            paths.finished(numbered.get(place), candidates);
          });
      for (GroupPath path : spread.get(true)) {
        SolvePath solve = new SolvePath(solving, path.family(), searches);
        // One after the other: each holds matrices that leave no room for another.
        JavaRDD<SolvedPath> found = wide(path.group()).result(solve);
        spark.setJobDescription("solve " + groups.name(path.group()) + " by " + path.family());
        paths.finished(path, found.map(SolvedPath::candidates).first());
      }
      return paths.candidates();
    }

    /**
     * Fits of chosen structures before the nonlinearity.
     *
     * @param wanted by layer group
     * @param fitting the weights alone, or else linear
     * @return in the same order within each group
     */
    public Map<LayerGroup, List<Approximation>> fits(
        Map<LayerGroup, List<Structure.Sum>> wanted, Fitting fitting) {
      return fitted(wanted, fitting, Care.FIT);
    }

    /**
     * The same in less time: the fits that the candidates' errors were measured with. Those nearest
     * to the errors that are tried are still there where this run has solved their paths.
     */
    public Map<LayerGroup, List<Approximation>> sketches(
        Map<LayerGroup, List<Structure.Sum>> wanted, Fitting fitting) {
      spark.setJobDescription("fetch chosen candidates of " + wanted.size() + " layer groups");
      Map<LayerGroup, Map<Structure, Approximation>> known = tried.of(fitting, wanted);
      Map<LayerGroup, List<Structure.Sum>> missing = new TreeMap<>();
      wanted.forEach(
          (group, structures) -> {
            Set<Structure> its = known.computeIfAbsent(group, g -> new HashMap<>()).keySet();
            List<Structure.Sum> others =
                structures.stream().filter(structure -> !its.contains(structure)).toList();
            if (!others.isEmpty()) {
              missing.put(group, others);
            }
          });
      if (!missing.isEmpty()) {
        fitted(missing, fitting, Care.SKETCH)
            .forEach(
                (group, fits) -> {
                  for (int k = 0; k < fits.size(); k++) {
                    known.get(group).put(missing.get(group).get(k), fits.get(k));
                  }
                });
      }
      Map<LayerGroup, List<Approximation>> sketches = new TreeMap<>();
      wanted.forEach(
          (group, structures) ->
              sketches.put(group, structures.stream().map(known.get(group)::get).toList()));
      return sketches;
    }

    private Map<LayerGroup, List<Approximation>> fitted(
        Map<LayerGroup, List<Structure.Sum>> wanted, Fitting fitting, Care care) {
      spark.setJobDescription("fit chosen candidates of " + wanted.size() + " layer groups");
      Map<LayerGroup, List<Structure.Sum>> narrow = new TreeMap<>(wanted);
      narrow.keySet().removeIf(problems::isWide);
      FitStructures fit = new FitStructures(new Solving(problems, fitting, tasks), wanted, care);
      List<Integer> partitions = narrow.keySet().stream().map(problems::partition).toList();
      List<GroupFits> groupFits =
          new ArrayList<>(PrunedPartitions.of(worked(fit::of), partitions).collect());
      wanted.keySet().stream()
          .filter(problems::isWide)
          .forEach(group -> groupFits.add(wide(group).result(fit::of).first()));
      Map<LayerGroup, List<Approximation>> fits = new TreeMap<>();
      groupFits.forEach(group -> fits.put(group.group(), group.fits()));
      return fits;
    }

    /**
     * The results of work on each layer group whose statistics are gathered in a task. Its samples
     * are read and sorted where the work walks over them, and only there.
     */
    private <R> JavaRDD<R> worked(WalkedPartitions.Work<GroupStatistics, PairedBlock, R> work) {
      return WalkedPartitions.of(moments, problems::statisticsOf, paired, work);
    }

    /** What the original layers put out for their samples. */
    public LayerOutputs outputs() {
      return outputs;
    }

    /** The statistics themselves, one of each layer group, by partition. */
    List<GroupStatistics> statistics() {
      return moments.collect();
    }

    @Override
    public void close() {
      tried.close();
      wide.values().forEach(WideGroup::close);
      moments.unpersist();
      outputs.release();
      problems.destroy();
    }
  }

  /** How well structures are fitted. */
  private enum Care {
    FIT,
    SKETCH;

    List<Approximation> fits(LayerFits fits, List<Structure.Sum> structures) {
      return this == FIT ? fits.fits(structures) : fits.sketches(structures);
    }
  }

  /** The fits of one layer group. */
  public record GroupFits(LayerGroup group, List<Approximation> fits) {}

  /** The statistics of one layer group. */
  public record GroupStatistics(LayerGroup group, LayerStatistics statistics) {}

  private static final class GatherStatistics
      implements Function2<Integer, Iterator<PairedBlock>, Iterator<GroupStatistics>> {
    private static final long serialVersionUID = 1L;
    private final ProblemsOnExecutors problems;
    private final TaskRunner tasks;

    GatherStatistics(ProblemsOnExecutors problems, TaskRunner tasks) {
      this.problems = problems;
      this.tasks = tasks;
    }

    @Override
    public Iterator<GroupStatistics> call(Integer partition, Iterator<PairedBlock> blocks) {
      LayerProblem problem = problems.of(partition);
      LayerStatistics statistics =
          tasks.run(
              problems.statisticsOf(partition),
              () ->
                  FitsBySpace.solved(
                      problem, FitsBySpace.statistics(problem, PairedBlock.chunks(blocks))));
      return List.of(new GroupStatistics(problems.group(partition), statistics)).iterator();
    }
  }

  /** Fits what is wanted of a layer group. */
  private record FitStructures(
      Solving solving, TreeMap<LayerGroup, List<Structure.Sum>> wanted, Care care)
      implements Serializable {

    FitStructures(Solving solving, Map<LayerGroup, List<Structure.Sum>> wanted, Care care) {
      this(solving, new TreeMap<>(wanted), care);
    }

    GroupFits of(GroupStatistics group, Supplier<Iterator<PairedBlock>> samples) {
      List<Structure.Sum> structures = wanted.get(group.group());
      List<Approximation> fits =
          solving.run(group, "fit", samples, its -> care.fits(its, structures));
      return new GroupFits(group.group(), fits);
    }
  }

  private static final class SolvePath
      implements WalkedPartitions.Work<GroupStatistics, PairedBlock, SolvedPath> {
    private static final long serialVersionUID = 1L;
    private final Solving solving;
    private final Family family;
    private final TreeMap<LayerGroup, Search> searches;

    SolvePath(Solving solving, Family family, Map<LayerGroup, Search> searches) {
      this.solving = solving;
      this.family = family;
      this.searches = new TreeMap<>(searches);
    }

    @Override
    public SolvedPath on(GroupStatistics its, Supplier<Iterator<PairedBlock>> samples) {
      LayerGroup group = its.group();
      LayerShape shape = solving.problems().of(solving.problems().partition(group)).shape();
      SolvedPath path =
          solving.run(
              its,
              "candidates of " + family.option(),
              samples,
              fits -> SolvedPath.of(family, group, shape, fits, searches.get(group)));
      RunCounters.LAYERS_SOLVED.increment();
      return path;
    }
  }
}
