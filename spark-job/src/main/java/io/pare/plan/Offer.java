package io.pare.plan;

import io.pare.model.Layer;
import io.pare.plan.PlanSelector.Option;
import io.pare.plan.PlanSelector.Selection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What each layer that may change can become and at which price, beside present choices for all
 * others: a candidate that drops input channels is credited with the filters that this saves in
 * them. Where a credit is larger than the price, all prices of the layer are lifted above 0.
 */
final class Offer {
  private static final int[] NONE = new int[0];

  private final Planner.Material material;
  private final Pricing pricing;
  private final List<LayerCandidate> present;
  private final List<List<Option<LayerCandidate>>> options = new ArrayList<>();
  private final long[] presentPrice;

  /**
   * An offer.
   *
   * @param candidates of each layer that may change
   * @param present choice for every compressible layer
   */
  Offer(
      Planner.Material material,
      Pricing pricing,
      List<List<LayerCandidate>> candidates,
      List<LayerCandidate> present) {
    this.material = material;
    this.pricing = pricing;
    this.present = present;
    presentPrice = new long[pricing.targets().size()];
    for (int k = 0; k < candidates.size(); k++) {
      LayerOptions.Priced layer = material.layers().get(k);
      options.add(options(layer, candidates.get(k)));
    }
  }

  private List<Option<LayerCandidate>> options(
      LayerOptions.Priced layer, List<LayerCandidate> candidates) {
    Layer its = layer.options().layer();
    int place = material.unread().layers().indexOf(its);
    List<long[]> prices = candidates.stream().map(c -> price(its, place, c)).toList();
    long[] lift = new long[presentPrice.length];
    for (long[] price : prices) {
      for (int k = 0; k < lift.length; k++) {
        lift[k] = Math.max(lift[k], -price[k]);
      }
    }
    add(presentPrice, lift, 1);
    add(presentPrice, price(its, place, present.get(place)), 1);
    List<Option<LayerCandidate>> offered = new ArrayList<>();
    for (int k = 0; k < prices.size(); k++) {
      LayerCandidate candidate = candidates.get(k);
      add(prices.get(k), lift, 1);
      offered.add(
          new Option<>(
              candidate, prices.get(k), layer.sensitivity().divergence(candidate.error())));
    }
    return offered;
  }

  private long[] price(Layer layer, int place, LayerCandidate candidate) {
    long[] price = pricing.costs(layer, candidate, NONE);
    if (candidate.dropsChannels()) {
      add(price, others(place, LayerCandidate.keep(layer)), -1);
      add(price, others(place, candidate), 1);
    }
    return price;
  }

  /** How much more than without unread filters the other layers cost: at most 0. */
  private long[] others(int place, LayerCandidate candidate) {
    List<Layer> layers = material.unread().layers();
    List<LayerCandidate> choices = new ArrayList<>(present);
    choices.set(place, candidate);
    List<int[]> unread = material.unread().of(choices);
    long[] sum = new long[presentPrice.length];
    for (int k = 0; k < layers.size(); k++) {
      if (k != place && unread.get(k).length > 0) {
        add(sum, pricing.costs(layers.get(k), choices.get(k), unread.get(k)), 1);
        add(sum, pricing.costs(layers.get(k), choices.get(k), NONE), -1);
      }
    }
    return sum;
  }

  private static void add(long[] sum, long[] costs, int sign) {
    for (int k = 0; k < sum.length; k++) {
      sum[k] += sign * costs[k];
    }
  }

  /** The options of each layer that may change, at prices of at least 0. */
  List<List<Option<LayerCandidate>>> options() {
    return options;
  }

  /** What the present choices of the layers that may change come to, at the prices offered. */
  long[] present() {
    return presentPrice.clone();
  }

  /** The option of the lowest price in each layer. */
  Selection<LayerCandidate> cheapest(int budget) {
    List<Option<LayerCandidate>> chosen = new ArrayList<>();
    for (List<Option<LayerCandidate>> layer : options) {
      chosen.add(
          layer.stream()
              .min(Comparator.comparingLong(option -> option.costs()[budget]))
              .orElseThrow());
    }
    return new Selection<>(chosen, chosen.stream().mapToDouble(Option::loss).sum(), 0);
  }
}
