package io.pare.stage.layers;

import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.fit.Fitting;
import io.pare.model.Layer;
import io.pare.stage.layers.SolveLayersStage.GroupCandidate;
import io.pare.stage.spark.Checkpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The paths of candidates of all layers and families: those that an earlier run has solved, and
 * those that are yet to be. A path is finished, and kept, once all groups of its layer are.
 */
public final class SolvedPaths {
  private static final String STAGE = "solve";

  private final Set<Family> families;
  private final Fitting fitting;
  private final Checkpoints checkpoints;
  private final List<Path> paths = new ArrayList<>();

  /** What is kept of one layer and family. */
  record Solved(List<GroupCandidate> candidates) {}

  /** One layer's candidates of one family. */
  private static final class Path {
    private final Checkpoints.Part part;
    private final int first;
    private final int groups;
    private final TreeMap<Integer, List<GroupCandidate>> byGroup = new TreeMap<>();
    private Optional<Solved> solved;

    Path(Checkpoints.Part part, int first, int groups, Optional<Solved> solved) {
      this.part = part;
      this.first = first;
      this.groups = groups;
      this.solved = solved;
    }
  }

  /**
   * The paths of some families.
   *
   * @param families in the order of their declaration; the k-th has the partitions from k times the
   *     number of groups on
   */
  SolvedPaths(LayerGroups groups, Set<Family> families, Fitting fitting, Checkpoints checkpoints) {
    this.families = families;
    this.fitting = fitting;
    this.checkpoints = checkpoints;
    int partitions = groups.partitions();
    int place = 0;
    for (Family family : Family.values()) {
      if (families.contains(family)) {
        for (Layer layer : groups.layers()) {
          if (groups.takes(family, layer)) {
            Checkpoints.Part part =
                new Checkpoints.Part(STAGE, layer.name(), fitting + " " + family);
            int first = place * partitions + groups.firstPartition(layer);
            paths.add(new Path(part, first, layer.groups(), checkpoints.find(part, Solved.class)));
          }
        }
        place++;
      }
    }
  }

  Set<Family> families() {
    return families;
  }

  Fitting fitting() {
    return fitting;
  }

  /** Whether nothing is left to solve. */
  public boolean isComplete() {
    return missing().isEmpty();
  }

  /** Partitions that are yet to be solved, ascending. */
  List<Integer> missing() {
    List<Integer> missing = new ArrayList<>();
    for (Path path : paths) {
      for (int group = 0; path.solved.isEmpty() && group < path.groups; group++) {
        missing.add(path.first + group);
      }
    }
    return missing;
  }

  /** Takes the candidates of one partition. */
  void finished(int partition, List<GroupCandidate> candidates) {
    Path path = pathOf(partition);
    path.byGroup.put(partition, candidates);
    if (path.byGroup.size() == path.groups) {
      Solved solved = new Solved(path.byGroup.values().stream().flatMap(List::stream).toList());
      path.solved = Optional.of(solved);
      path.byGroup.clear();
      checkpoints.keep(path.part, solved);
    }
  }

  private Path pathOf(int partition) {
    return paths.stream()
        .filter(path -> partition >= path.first && partition < path.first + path.groups)
        .findFirst()
        .orElseThrow();
  }

  /** All candidates, family by family and layer by layer; all paths must be finished. */
  List<GroupCandidate> candidates() {
    return paths.stream().flatMap(path -> path.solved.orElseThrow().candidates().stream()).toList();
  }
}
