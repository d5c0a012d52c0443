package io.pare.plan;

import static io.pare.testing.ModelBuilder.ints;

import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerCost;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.rewrite.ChannelFlow;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A small network, candidates for its layers, and the costs of whole plans: the sums over the
 * layers as they will be written.
 */
record PlannedNetwork(NetworkLayers layers, UnreadFilters unread) implements Planner.WrittenCosts {
  private static final double[] SHARES = {0.75, 0.5, 0.25};

  private static PlannedNetwork of(ModelBuilder model) {
    OnnxNetwork network = Networks.read(model);
    NetworkLayers layers = Networks.layers(network);
    ChannelFlow flow =
        ChannelFlow.of(
            network, layers, ShapeMeasurement.of(network, Networks.image(network)), List.of());
    return new PlannedNetwork(layers, new UnreadFilters(flow, layers.compressible()));
  }

  /** Three convolutions and a fully connected layer: first, wide, last, dense. */
  static PlannedNetwork chain() {
    return of(
        ModelBuilder.seeded(5)
            .input("x", -1, 3, 8, 8)
            .conv("first", "x", 12, 3, 3, ints("pads", 1, 1, 1, 1))
            .relu("r1", "first")
            .conv("wide", "r1", 16, 12, 3, ints("pads", 1, 1, 1, 1))
            .relu("r2", "wide")
            .conv("last", "r2", 8, 16, 1)
            .globalAveragePool("mean", "last")
            .flatten("flat", "mean")
            .gemm("dense", "flat", 5, 8)
            .output("dense", -1, 5));
  }

  /** A large convolution whose filters only a very small one reads: big, small. */
  static PlannedNetwork bigBeforeSmall() {
    return of(
        ModelBuilder.seeded(6)
            .input("x", -1, 16, 6, 6)
            .conv("big", "x", 40, 16, 3)
            .relu("r", "big")
            .conv("small", "r", 2, 40, 1)
            .output("small", -1, 2, -1, -1));
  }

  Layer layer(String name) {
    return layers.named(name).orElseThrow();
  }

  /** Every rank of two forms and some channels, the better the more weights they have. */
  List<LayerCandidate> candidates(String name) {
    Layer layer = layer(name);
    List<LayerCandidate> candidates = new ArrayList<>();
    candidates.add(LayerCandidate.keep(layer));
    Map.of(Family.LOW_RANK_CHANNEL, Form.CHANNEL, Family.LOW_RANK_SPATIAL, Form.SPATIAL)
        .forEach(
            (family, form) -> {
              if (form.applies(layer.shape())) {
                IntStream.rangeClosed(1, form.largestStep(layer.shape()))
                    .mapToObj(step -> Structure.of(form.at(layer.shape(), step)))
                    .forEach(structure -> candidates.add(candidate(layer, family, structure)));
              }
            });
    for (double share : SHARES) {
      int kept = (int) (share * layer.shape().inputChannels());
      if (kept > 0) {
        candidates.add(channels(name, error(layer, share), kept));
      }
    }
    return candidates;
  }

  /** The first input channels alone. */
  LayerCandidate channels(String name, double error, int kept) {
    Support support = new Support(Support.Kind.INPUTS, IntStream.range(0, kept).toArray());
    return LayerCandidate.uniform(layer(name), Family.KEPT_INPUTS, Structure.of(support), error);
  }

  /** One rank of the channel form. */
  LayerCandidate rank(String name, double error, int rank) {
    Layer layer = layer(name);
    return LayerCandidate.uniform(
        layer, Family.LOW_RANK_CHANNEL, Structure.of(Form.CHANNEL.at(layer.shape(), rank)), error);
  }

  private static LayerCandidate candidate(Layer layer, Family family, Structure structure) {
    long weights = structure.cost(layer.shape(), layer.geometry()).weights();
    double error = error(layer, (double) weights / layer.shape().weights());
    return LayerCandidate.uniform(layer, family, structure, error);
  }

  private static double error(Layer layer, double share) {
    return (1 + layer.index()) * Math.pow(1 - Math.min(0.99, share), 2);
  }

  /** What a planner has to work with. */
  Planner.Material material(Function<Layer, List<LayerCandidate>> candidates, LayerRules rules) {
    LayerChoice choice = LayerChoice.of(layers, rules);
    List<LayerOptions.Priced> priced =
        choice.free().stream().map(layer -> priced(layer, candidates.apply(layer))).toList();
    return new Planner.Material(
        priced, choice.pinned(), unread, rules, LayerTimes.none(), Float.BYTES);
  }

  private static LayerOptions.Priced priced(Layer layer, List<LayerCandidate> all) {
    List<LayerCandidate> measured = all.stream().filter(c -> !c.isKeep()).toList();
    return new LayerOptions.Priced(
        new LayerOptions(layer, measured, all, Map.of()), SensitivityCurve.proportional());
  }

  @Override
  public long[] ofOriginal(List<Target> targets) {
    return figures(layers.total(), targets);
  }

  @Override
  public long[] unchanged(List<Target> targets) {
    return ofOriginal(targets);
  }

  @Override
  public long[] of(CompressionPlan plan, List<Target> targets) {
    return figures(plan.cost(), targets);
  }

  private static long[] figures(LayerCost cost, List<Target> targets) {
    return targets.stream()
        .mapToLong(
            target ->
                switch (target.metric()) {
                  case PARAMS -> cost.weights();
                  case MACS -> cost.macs();
                  case BYTES -> cost.bytes(Float.BYTES);
                  case LATENCY -> throw new IllegalArgumentException("plans have no time");
                })
        .toArray();
  }
}
