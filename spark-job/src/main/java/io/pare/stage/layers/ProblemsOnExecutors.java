package io.pare.stage.layers;

import io.pare.algorithm.statistics.FitSpace;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.model.Layer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * What is to be approximated, on the executors: shipped layer by layer, so that a task holds the
 * weights of its own layer alone, and not those of the whole network.
 *
 * @param places by partition
 */
record ProblemsOnExecutors(List<Place> places) implements Serializable {

  /**
   * Where the problem of a layer group is found.
   *
   * @param layer the groups of one layer
   * @param group place among them
   * @param space where the group's fits are solved
   */
  record Place(Broadcast<List<LayerProblem>> layer, int group, FitSpace space)
      implements Serializable {}

  /** Ships the problems of layer groups. */
  static ProblemsOnExecutors ship(JavaSparkContext spark, LayerGroups groups) {
    List<Place> places = new ArrayList<>();
    for (Layer layer : groups.layers()) {
      List<LayerProblem> problems = groups.problemsOf(layer);
      Broadcast<List<LayerProblem>> shipped = spark.broadcast(problems);
      for (int group = 0; group < problems.size(); group++) {
        places.add(new Place(shipped, group, problems.get(group).space()));
      }
    }
    return new ProblemsOnExecutors(List.copyOf(places));
  }

  /** The problem of a layer group; its layer's weights are fetched if this JVM has them not yet. */
  LayerProblem of(int partition) {
    Place place = places.get(partition);
    return place.layer().value().get(place.group());
  }

  /** Where the fits of a layer group are solved; fetches nothing. */
  FitSpace space(int partition) {
    return places.get(partition).space();
  }

  /** Number of layer groups. */
  int partitions() {
    return places.size();
  }

  /** Frees the weights on driver and executors. */
  void destroy() {
    places.stream()
        .map(Place::layer)
        .collect(Collectors.toCollection(LinkedHashSet::new))
        .forEach(Broadcast::destroy);
  }
}
