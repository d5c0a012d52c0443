package io.pare.stage.layers;

import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.structure.LayerGroup;
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
   * @param group that it is of
   * @param layer the problems of all groups of its layer
   * @param gathered where its statistics are
   */
  record Place(LayerGroup group, Broadcast<List<LayerProblem>> layer, WideLayers.Place gathered)
      implements Serializable {}

  /** Ships the problems of layer groups. */
  static ProblemsOnExecutors ship(JavaSparkContext spark, LayerGroups groups) {
    List<Place> places = new ArrayList<>();
    for (Layer layer : groups.layers()) {
      List<LayerProblem> problems = groups.problemsOf(layer);
      Broadcast<List<LayerProblem>> shipped = spark.broadcast(problems);
      for (LayerGroup group : LayerGroups.of(layer)) {
        places.add(new Place(group, shipped, groups.place(layer)));
      }
    }
    return new ProblemsOnExecutors(List.copyOf(places));
  }

  /** The problem of a layer group; its layer's weights are fetched if this JVM has them not yet. */
  LayerProblem of(int partition) {
    Place place = places.get(partition);
    return place.layer().value().get(place.group().group());
  }

  /** What is known of a layer group, as the error is to tell it when that cannot be read. */
  String statisticsOf(int partition) {
    return of(partition).name() + ", statistics";
  }

  /** Whether a layer group's statistics are products of distributed matrices. */
  boolean isWide(LayerGroup group) {
    return places.get(partition(group)).gathered() == WideLayers.Place.MATRICES;
  }

  /** The layer group of a partition; fetches nothing. */
  LayerGroup group(int partition) {
    return places.get(partition).group();
  }

  /** The partition of a layer group; fetches nothing. */
  int partition(LayerGroup group) {
    for (int partition = 0; partition < places.size(); partition++) {
      if (places.get(partition).group().equals(group)) {
        return partition;
      }
    }
    throw new IllegalArgumentException(group + " is not among the problems");
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
