package io.pare.run.pipeline;

import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.LayerCost;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.algorithm.structure.RandomApproximation;
import io.pare.algorithm.structure.Structure;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import io.pare.model.NetworkShapes;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.NetworkTimer;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.quantization.Precision;
import io.pare.model.rewrite.DeadChannels;
import io.pare.model.rewrite.ModelRewriter;
import io.pare.model.rewrite.Replacement;
import io.pare.plan.CompressionPlan;
import io.pare.plan.Planner;
import io.pare.plan.Target;
import io.pare.run.input.SourceNetwork;
import io.pare.stage.layers.LayerGroups;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * What a plan costs, found by writing the network with its structure and numbers that mean nothing:
 * weights, arithmetic, length and speed of a network do not depend on them. Safe for use by several
 * threads.
 */
final class DraftCosts implements Planner.WrittenCosts {
  private static final long SEED = 1;
  private static final double NANOSECONDS = 1e6;

  private final SourceNetwork source;
  private final List<Layer> pinned;
  private final Map<String, String> metadata;
  private final Precision precision;
  private OptionalDouble originalMilliseconds = OptionalDouble.empty();

  /**
   * Drafts of a network.
   *
   * @param pinned layers that stay as they are
   * @param metadata that its file will carry
   * @param precision that it will be written in
   */
  DraftCosts(
      SourceNetwork source, List<Layer> pinned, Map<String, String> metadata, Precision precision) {
    this.source = source;
    this.pinned = pinned;
    this.metadata = metadata;
    this.precision = precision;
  }

  /**
   * The network with replaced layers, without the filters that nobody reads any more; without
   * replacements, and in its own precision, the original, node by node.
   */
  OnnxNetwork written(List<Replacement> replacements) {
    if (replacements.isEmpty() && precision == Precision.FP32) {
      return ModelRewriter.rewrite(source.original(), replacements, metadata);
    }
    OnnxNetwork rewritten = ModelRewriter.rewrite(source.folded(), replacements, metadata);
    return DeadChannels.remove(rewritten, ShapeMeasurement.of(rewritten, source.input()), pinned);
  }

  @Override
  public long[] ofOriginal(List<Target> targets) {
    return costs(
        targets,
        source.layers().total(),
        source::fileBytes,
        () -> Math.round(NANOSECONDS * originalMilliseconds()));
  }

  /**
   * What a network costs under each target.
   *
   * @param total of its layers
   * @param bytes length of its file
   * @param nanoseconds that it takes for an image
   */
  static long[] costs(
      List<Target> targets, LayerCost total, LongSupplier bytes, LongSupplier nanoseconds) {
    return targets.stream()
        .mapToLong(
            target ->
                switch (target.metric()) {
                  case PARAMS -> total.weights();
                  case MACS -> total.macs();
                  case BYTES -> bytes.getAsLong();
                  case LATENCY -> nanoseconds.getAsLong();
                })
        .toArray();
  }

  @Override
  public long[] unchanged(List<Target> targets) {
    if (precision == Precision.FP32) {
      return ofOriginal(targets);
    }
    OnnxNetwork draft = precision.draft(source.folded());
    return costs(targets, source.layers().total(), draft::length, () -> nanoseconds(draft));
  }

  /** Measured once, so that all drafts and the budget share one scale. */
  private synchronized double originalMilliseconds() {
    if (originalMilliseconds.isEmpty()) {
      originalMilliseconds =
          OptionalDouble.of(
              NetworkTimer.compare(source.original(), source.original(), source.input(), 1, 1)
                  .beforeMilliseconds());
    }
    return originalMilliseconds.getAsDouble();
  }

  @Override
  public long[] of(CompressionPlan plan, List<Target> targets) {
    OnnxNetwork draft = written(replacements(plan));
    NetworkShapes shapes = ShapeMeasurement.of(draft, source.input());
    LayerCost total = NetworkLayers.of(draft, shapes).total();
    return costs(
        targets,
        total,
        () -> precision.draft(draft).length(),
        () -> nanoseconds(precision.draft(draft)));
  }

  /** The time of the draft on the scale of the original's, both measured in turns. */
  private long nanoseconds(OnnxNetwork draft) {
    double ratio = NetworkTimer.compare(source.original(), draft, source.input(), 1, 1).ratio();
    return Math.round(NANOSECONDS * originalMilliseconds() / ratio);
  }

  private List<Replacement> replacements(CompressionPlan plan) {
    NavigableMap<LayerGroup, Structure.Sum> structures = plan.structures();
    List<Replacement> replacements = new ArrayList<>();
    for (Layer layer : source.layers().compressible()) {
      if (structures.containsKey(new LayerGroup(layer.index(), 0))) {
        List<Approximation> groups =
            LayerGroups.of(layer).stream()
                .map(structures::get)
                .map(sum -> RandomApproximation.of(layer.shape(), sum, new Random(SEED)))
                .toList();
        replacements.add(new Replacement(layer, groups));
      }
    }
    return replacements;
  }
}
