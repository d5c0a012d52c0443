package io.pare.stage.layers;

import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.candidate.GroupCandidate;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.model.Layer;
import io.pare.stage.spark.Checkpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paths of candidates of all layers and families: those that an earlier run has solved, and
 * those that are yet to be. A path is finished, and kept, once all groups of its layer are.
 */
public final class SolvedPaths {
  private static final Logger LOG = LoggerFactory.getLogger(SolvedPaths.class);
  private static final String STAGE = "solve";

  private final List<Family> families;
  private final Fitting fitting;
  private final Checkpoints checkpoints;
  private final List<LayerPath> paths = new ArrayList<>();

  /** What is kept of one layer and family. */
  record Solved(List<GroupCandidate> candidates) {}

  /** One layer's candidates of one family. */
  private static final class LayerPath {
    private final Family family;
    private final Layer layer;
    private final Checkpoints.Part part;
    private final TreeMap<LayerGroup, List<GroupCandidate>> byGroup = new TreeMap<>();
    private Optional<Solved> solved;

    LayerPath(Family family, Layer layer, Checkpoints.Part part, Optional<Solved> solved) {
      this.family = family;
      this.layer = layer;
      this.part = part;
      this.solved = solved;
    }

    boolean isOf(GroupPath path) {
      return family == path.family() && layer.index() == path.group().layer();
    }
  }

  /** The paths of some families, in the order of their declaration. */
  SolvedPaths(LayerGroups groups, Set<Family> families, Fitting fitting, Checkpoints checkpoints) {
    this.families = families.stream().sorted().toList();
    this.fitting = fitting;
    this.checkpoints = checkpoints;
    for (Family family : this.families) {
      for (Layer layer : groups.layers()) {
        if (groups.takes(family, layer)) {
          Checkpoints.Part part = new Checkpoints.Part(STAGE, layer.name(), fitting + " " + family);
          paths.add(new LayerPath(family, layer, part, checkpoints.find(part, Solved.class)));
        }
      }
    }
    long found = paths.stream().filter(path -> path.solved.isPresent()).count();
    if (found > 0) {
      LOG.info("{} of {} paths of candidates are solved already", found, paths.size());
    }
  }

  /** In the order of their declaration. */
  List<Family> families() {
    return families;
  }

  Fitting fitting() {
    return fitting;
  }

  /** Whether nothing is left to solve. */
  public boolean isComplete() {
    return missing().isEmpty();
  }

  /** What is yet to be solved, family by family and layer by layer. */
  List<GroupPath> missing() {
    List<GroupPath> missing = new ArrayList<>();
    for (LayerPath path : paths) {
      if (path.solved.isEmpty()) {
        LayerGroups.of(path.layer).forEach(group -> missing.add(new GroupPath(path.family, group)));
      }
    }
    return missing;
  }

  /** Takes the candidates of one path. */
  void finished(GroupPath finished, List<GroupCandidate> candidates) {
    LayerPath path = paths.stream().filter(its -> its.isOf(finished)).findFirst().orElseThrow();
    path.byGroup.put(finished.group(), candidates);
    if (path.byGroup.size() == path.layer.groups()) {
      Solved solved = new Solved(path.byGroup.values().stream().flatMap(List::stream).toList());
      path.solved = Optional.of(solved);
      path.byGroup.clear();
      checkpoints.keep(path.part, solved);
      tell(path.layer);
    }
  }

  /** One line once a layer has nothing left to solve. */
  private void tell(Layer layer) {
    List<LayerPath> its = paths.stream().filter(path -> path.layer.equals(layer)).toList();
    if (its.stream().allMatch(path -> path.solved.isPresent())) {
      int candidates = its.stream().mapToInt(path -> path.solved.get().candidates().size()).sum();
      LOG.info("layer {} is solved: {} candidates", layer.name(), candidates);
    }
  }

  /** All candidates, family by family and layer by layer; all paths must be finished. */
  List<GroupCandidate> candidates() {
    return paths.stream().flatMap(path -> path.solved.orElseThrow().candidates().stream()).toList();
  }
}
