package io.pare.stage.layers;

import io.pare.model.Frontier;
import io.pare.model.Layer;
import io.pare.model.OnnxNetwork;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.Activations;
import io.pare.stage.network.Execution;
import io.pare.stage.network.RunNetworkStage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Runs a network over the images section by section, while its layers change one level after the
 * other: each section starts from the activations at the end of the one before.
 *
 * <p>Activations are kept on the executors' disks where computing them again would take longer than
 * to write and read them, and where they fit {@link #MOST_STORED_BYTES}; the others are computed
 * again from the last ones that are kept. What is kept does not change the result.
 */
final class WalkNetworkStage implements AutoCloseable {
  /** Bytes that the activations of one frontier may take on all executors' disks together. */
  private static final long MOST_STORED_BYTES = 64L << 30;

  /**
   * Multiply-adds in the time of writing and reading a byte, with serialisation: some 20 GFLOP/s
   * and 400 MB/s for each core.
   */
  private static final long MULTIPLY_ADDS_PER_BYTE = 50;

  private final RunNetworkStage running;
  private final PreparedImages images;
  private final LayerGroups groups;
  private final Frontier between;
  private final List<Activations> sections = new ArrayList<>();
  private Set<Layer> pendingAtStore;

  /**
   * A walk from the images on.
   *
   * @param original network, none of its layers changed
   * @param groups its layers that may change
   */
  WalkNetworkStage(
      JavaSparkContext spark,
      Execution execution,
      OnnxNetwork original,
      PreparedImages images,
      LayerGroups groups) {
    running = new RunNetworkStage(spark, execution);
    this.images = images;
    this.groups = groups;
    between = Frontier.between(original, groups.layers());
    pendingAtStore = new HashSet<>(groups.layers());
  }

  /**
   * What is read by the layers that have not changed yet.
   *
   * @param soFar the network with all other layers as they are going to be
   * @param pending the layers that have not changed yet
   * @param multiplyAdds of one image in a layer as it is in {@code soFar}
   */
  Activations advance(OnnxNetwork soFar, List<Layer> pending, ToLongFunction<Layer> multiplyAdds) {
    if (!between.storable().isEmpty()) {
      Set<String> frontier = between.of(soFar, pending);
      Set<Layer> settled = new HashSet<>(pendingAtStore);
      pending.forEach(settled::remove);
      long computed = settled.stream().mapToLong(multiplyAdds).sum();
      return remembered(List.copyOf(frontier), soFar, new Settled(Set.copyOf(pending), computed));
    }
    List<String> inputs = pending.stream().flatMap(Layer::sampled).distinct().toList();
    sections.add(running.run(soFar, images, inputs, groups.valuesPerImage()));
    return present();
  }

  /**
   * What has been settled since activations were stored.
   *
   * @param pending layers that are not yet
   * @param multiplyAdds of one image in those that are
   */
  private record Settled(Set<Layer> pending, long multiplyAdds) {}

  private Activations remembered(List<String> wanted, OnnxNetwork soFar, Settled settled) {
    if (!sections.isEmpty() && present().tensors().containsAll(wanted)) {
      return present();
    }
    Activations next =
        sections.isEmpty()
            ? running.run(soFar, images, wanted, groups.valuesPerImage())
            : running.run(section(soFar, wanted), present(), wanted);
    sections.add(next);
    if (isWorthStoring(wanted, settled.multiplyAdds())) {
      next.store();
      pendingAtStore = settled.pending();
    }
    return next;
  }

  private Activations present() {
    return sections.get(sections.size() - 1);
  }

  private OnnxNetwork section(OnnxNetwork soFar, List<String> wanted) {
    List<String> given = present().tensors();
    List<String> missing = wanted.stream().filter(tensor -> !given.contains(tensor)).toList();
    return between.section(soFar, given, missing);
  }

  private boolean isWorthStoring(List<String> tensors, long multiplyAdds) {
    long bytes =
        tensors.stream()
            .mapToLong(tensor -> between.values(tensor).orElse(groups.valuesPerImage()))
            .map(values -> values * Float.BYTES)
            .sum();
    return bytes * images.count() <= MOST_STORED_BYTES
        && multiplyAdds >= bytes * MULTIPLY_ADDS_PER_BYTE;
  }

  /** Says that the activations given last have been computed: older ones are not needed again. */
  void arrived() {
    boolean stored = false;
    for (int k = sections.size() - 1; k >= 0; k--) {
      if (stored) {
        sections.get(k).forget();
      }
      stored = stored || sections.get(k).isStored();
    }
  }

  @Override
  public void close() {
    sections.forEach(Activations::release);
  }
}
