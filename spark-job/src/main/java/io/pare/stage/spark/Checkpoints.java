package io.pare.stage.spark;

import io.pare.io.checkpoint.CheckpointKey;
import io.pare.io.checkpoint.CheckpointStore;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finished parts of stages: found from an earlier run, kept for a later one. Safe for use by
 * several threads.
 *
 * @param store where they are; empty: nothing is found and nothing kept
 * @param inputs hash of all that every part depends on
 */
public record Checkpoints(Optional<CheckpointStore> store, String inputs) {

  /** Finds nothing and keeps nothing. */
  public static Checkpoints none() {
    return new Checkpoints(Optional.empty(), "");
  }

  /**
   * A part of a stage.
   *
   * @param stage that computes it
   * @param layer that it belongs to, or of an evaluation the networks
   * @param variant all else that tells it from other parts
   */
  public record Part(String stage, String layer, String variant) {}

  /** Says which layers there will be parts of. */
  public void expect(List<String> layers) {
    layers.forEach(layer -> KeptLayers.expect(inputs, layer));
  }

  /** The part, where an earlier run has finished it. */
  public <R extends Record> Optional<R> find(Part part, Class<R> type) {
    Optional<R> found = store.flatMap(there -> there.find(key(part), type));
    found.ifPresent(there -> KeptLayers.keep(inputs, part.layer()));
    return found;
  }

  /** Keeps a finished part. */
  public void keep(Part part, Record value) {
    store.ifPresent(
        there -> {
          there.put(key(part), value);
          KeptLayers.keep(inputs, part.layer());
        });
  }

  /** Layers, or networks, of which something was found, by stage. */
  public Map<String, List<String>> reused() {
    Map<String, Set<String>> layers = new TreeMap<>();
    for (CheckpointKey key : store.map(CheckpointStore::reused).orElse(List.of())) {
      layers.computeIfAbsent(key.stage(), stage -> new LinkedHashSet<>()).add(key.part());
    }
    Map<String, List<String>> lists = new TreeMap<>();
    layers.forEach((stage, names) -> lists.put(stage, List.copyOf(names)));
    return lists;
  }

  private CheckpointKey key(Part part) {
    return new CheckpointKey(inputs + " " + part.variant(), part.stage(), part.layer());
  }
}
