package io.pare.run.pipeline;

import io.pare.InputException;
import io.pare.model.Layer;
import io.pare.model.LayerWeights;
import io.pare.model.OnnxNetwork;
import io.pare.model.output.NetworkOutput;
import io.pare.run.input.SourceNetwork;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.CheckValuesStage;
import io.pare.stage.network.CheckValuesStage.Values;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left of a network and its images when values that no fit can use are set aside. Mostly
 * there are none, which a look at what layers read can tell. A few images with such values count as
 * bad. A layer that reads or writes them for more images than may be bad is kept as it is, and so
 * is one next to zero for all; a network that puts them out cannot be judged.
 *
 * @param source with those layers among the kept
 * @param images the others
 */
record FiniteValues(SourceNetwork source, PreparedImages images) {
  private static final Logger LOG = LoggerFactory.getLogger(FiniteValues.class);

  /** Squares of smaller values vanish in sums of floats. */
  private static final float SMALLEST = 0x1p-50f;

  /** A bound of what a layer writes that is this small says little about what it does write. */
  private static final double TELLING = 0x1p-20;

  /** What a first look has to see: what layers read, and the outputs. */
  static List<String> watched(SourceNetwork source) {
    return Stream.concat(
            source.layers().compressible().stream().map(Layer::input), outputs(source).stream())
        .distinct()
        .toList();
  }

  /**
   * Whether it follows from a first look that all values can be used.
   *
   * @param largest magnitude of what is watched, infinite where a value is not finite
   */
  static boolean follow(SourceNetwork source, Map<String, Float> largest) {
    return largest.values().stream().allMatch(its -> its <= CheckValuesStage.LARGEST)
        && source.layers().compressible().stream()
            .allMatch(layer -> follow(source.folded(), layer, largest.get(layer.input())));
  }

  private static boolean follow(OnnxNetwork network, Layer layer, float read) {
    double written = LayerWeights.bound(network, layer, read);
    return read >= SMALLEST && written >= TELLING && written <= CheckValuesStage.LARGEST;
  }

  /**
   * Runs the network over the images.
   *
   * @param location of the images, for messages
   * @param limit share of all images that may be bad, one is always allowed
   * @throws InputException when the output cannot be used for more, or too many images are bad
   */
  static FiniteValues of(
      CheckValuesStage stage,
      SourceNetwork source,
      PreparedImages images,
      String location,
      double limit) {
    OnnxNetwork network = source.folded();
    Set<String> tensors = new LinkedHashSet<>();
    for (Layer layer : source.layers().compressible()) {
      tensors.add(layer.input());
      tensors.add(layer.output());
    }
    List<String> outputs = outputs(source);
    tensors.addAll(outputs);
    tensors.removeIf(tensor -> network.producer(tensor).isEmpty());
    Map<String, Values> found = stage.run(network, images, List.copyOf(tensors));
    long allowed = images.allowedBad(limit);
    TreeSet<Long> out = new TreeSet<>();
    for (String output : outputs) {
      out.addAll(unusable(found, output));
      if (out.size() > allowed) {
        throw InputException.data(
            "%s: the output %s is not finite for %d of %d images of %s%s; mend the network or its preprocessing"
                .formatted(
                    source.name(),
                    output,
                    out.size(),
                    images.count(),
                    location,
                    cause(source, found)));
      }
    }
    Map<String, String> kept = new LinkedHashMap<>();
    for (Layer layer : source.layers().compressible()) {
      Optional<String> reason = reason(layer, found, allowed, images.count());
      reason.ifPresent(why -> kept.put(layer.name(), why));
      if (reason.isEmpty()) {
        out.addAll(unusable(found, layer));
      }
    }
    kept.forEach((layer, reason) -> LOG.warn("layer {} is kept: {}", layer, reason));
    PreparedImages finite = images.without(out, "values that are not finite inside the network");
    finite.requireGood(location, limit);
    return new FiniteValues(source.keeping(kept), finite);
  }

  /** Those whose images come one after the other, so that it can be said which are bad. */
  private static List<String> outputs(SourceNetwork source) {
    return source.outputs().each().stream()
        .filter(output -> output.imageAxis() == 0)
        .map(NetworkOutput::name)
        .toList();
  }

  private static Optional<String> reason(
      Layer layer, Map<String, Values> found, long allowed, long images) {
    int unusable = unusable(found, layer).size();
    if (unusable > allowed) {
      return Optional.of(
          "its values are not finite for %d of %d images".formatted(unusable, images));
    }
    boolean vanishes =
        List.of(layer.input(), layer.output()).stream()
            .anyMatch(
                tensor -> found.containsKey(tensor) && found.get(tensor).largest() < SMALLEST);
    return vanishes ? Optional.of("its values are next to zero for all images") : Optional.empty();
  }

  private static Set<Long> unusable(Map<String, Values> found, Layer layer) {
    Set<Long> all = new TreeSet<>(unusable(found, layer.input()));
    all.addAll(unusable(found, layer.output()));
    return all;
  }

  private static Set<Long> unusable(Map<String, Values> found, String tensor) {
    return found.containsKey(tensor) ? found.get(tensor).unusable() : Set.of();
  }

  private static String cause(SourceNetwork source, Map<String, Values> found) {
    for (Layer layer : source.layers().compressible()) {
      if (!unusable(found, layer).isEmpty()) {
        boolean read = !unusable(found, layer.input()).isEmpty();
        return ", as is what layer " + layer.name() + (read ? " reads" : " writes");
      }
    }
    return ", though all that layers read and write is";
  }
}
