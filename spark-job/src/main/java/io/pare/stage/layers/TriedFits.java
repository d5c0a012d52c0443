package io.pare.stage.layers;

import io.pare.algorithm.candidate.GroupCandidate;
import io.pare.algorithm.candidate.SolvedPath;
import io.pare.algorithm.candidate.TrialErrors;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.algorithm.structure.Structure;
import io.pare.stage.spark.PrunedPartitions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.storage.StorageLevel;

/**
 * The fits that trials may ask for, on the executors' disks since their paths were solved. Those of
 * an executor that is lost are made again, with their paths.
 */
final class TriedFits implements AutoCloseable {
  private final List<JavaRDD<SolvedPath>> solved = new ArrayList<>();
  private final Map<Key, Place> places = new HashMap<>();

  private record Key(Fitting fitting, LayerGroup group, Structure structure) {}

  /**
   * Where a path lies.
   *
   * @param kept number of the paths among which it is
   * @param partition of them
   */
  private record Place(int kept, int partition) {}

  /**
   * Keeps what paths hold once they are solved.
   *
   * @param paths one a partition
   * @return the number that they are known by
   */
  int keep(JavaRDD<SolvedPath> paths) {
    solved.add(paths.persist(StorageLevel.DISK_ONLY()));
    return solved.size() - 1;
  }

  /**
   * Learns that a path has been solved.
   *
   * @param kept number of the paths among which it is
   * @param partition of them that it is
   */
  void solved(int kept, int partition, Fitting fitting, List<GroupCandidate> candidates) {
    for (GroupCandidate tried : TrialErrors.nearest(candidates, GroupCandidate::error)) {
      Key key = new Key(fitting, tried.group(), tried.structure());
      places.put(key, new Place(kept, partition));
    }
  }

  /**
   * Those of the wanted fits that are there.
   *
   * @param wanted structures by layer group
   * @return by layer group and structure
   */
  Map<LayerGroup, Map<Structure, Approximation>> of(
      Fitting fitting, Map<LayerGroup, List<Structure.Sum>> wanted) {
    Map<Integer, Set<Integer>> partitions = new TreeMap<>();
    wanted.forEach(
        (group, structures) -> {
          for (Structure structure : structures) {
            Optional.ofNullable(places.get(new Key(fitting, group, structure)))
                .ifPresent(
                    place ->
                        partitions
                            .computeIfAbsent(place.kept(), its -> new TreeSet<>())
                            .add(place.partition()));
          }
        });
    Map<LayerGroup, Map<Structure, Approximation>> found = new TreeMap<>();
    Wanted filter = new Wanted(new TreeMap<>(wanted));
    partitions.forEach(
        (kept, its) ->
            PrunedPartitions.of(solved.get(kept), its)
                .flatMap(filter)
                .collect()
                .forEach(
                    fit ->
                        found
                            .computeIfAbsent(fit.group(), group -> new HashMap<>())
                            .put(fit.structure(), fit.approximation())));
    return found;
  }

  /** The others stay where they are. */
  private record Wanted(TreeMap<LayerGroup, List<Structure.Sum>> structures)
      implements FlatMapFunction<SolvedPath, SolvedPath.Fit> {
    @Override
    public Iterator<SolvedPath.Fit> call(SolvedPath path) {
      return path.tried().stream()
          .filter(fit -> structures.get(fit.group()).contains(fit.structure()))
          .iterator();
    }
  }

  @Override
  public void close() {
    solved.forEach(JavaRDD::unpersist);
  }
}
