package io.pare.run.pipeline;

import io.pare.algorithm.quantization.AffineCode;
import io.pare.algorithm.quantization.RangeRule;
import io.pare.algorithm.quantization.ValueHistogram;
import io.pare.algorithm.statistics.Evaluation;
import io.pare.model.OnnxNetwork;
import io.pare.model.quantization.CodedTensors;
import io.pare.model.quantization.QuantizedNetwork;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.EvaluateModelStage;
import io.pare.stage.network.GatherHistogramsStage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a network into eight bits (algorithm.md section 11): ranges from histograms of the
 * calibration images, by the rule whose network comes nearest to the original on held-out ones;
 * then layers whose codes cost the output too much go back to floats, as far as the budget of bytes
 * allows.
 */
final class Quantizer {
  private static final Logger LOG = LoggerFactory.getLogger(Quantizer.class);

  /** Less is not worth a search for layers to spare, in nats and as a share of what is there. */
  private static final double NEGLIGIBLE = 1e-3;

  private static final double NEGLIGIBLE_SHARE = 0.05;

  /** A layer is spared when its codes alone make up this share of what all codes cost. */
  private static final double TOO_MUCH = 0.1;

  private static final int TRIALS_AT_ONCE = 8;

  private final GatherHistogramsStage histograms;
  private final EvaluateModelStage.Reference judge;
  private final long mostBytes;

  /**
   * A quantizer.
   *
   * @param judge the original on images that no fit has seen
   * @param mostBytes that the file may have, where a target says so
   */
  Quantizer(GatherHistogramsStage histograms, EvaluateModelStage.Reference judge, long mostBytes) {
    this.histograms = histograms;
    this.judge = judge;
    this.mostBytes = mostBytes;
  }

  /** A network in eight bits, and how it came about. */
  record Result(OnnxNetwork network, Quantization how) {}

  /**
   * Quantizes.
   *
   * @param network in floats
   * @param images calibration images
   * @param valuesPerImage of all tensors of a forward pass together, about
   */
  Result quantized(OnnxNetwork network, PreparedImages images, long valuesPerImage) {
    CodedTensors all = CodedTensors.of(network);
    Map<String, ValueHistogram> counted =
        histograms.run(network, images, all.tensors(), valuesPerImage);
    List<RangeRule> rules = List.of(RangeRule.values());
    List<byte[]> tried = new ArrayList<>(List.of(network.toBytes()));
    rules.forEach(rule -> tried.add(QuantizedNetwork.of(all, all.codes(counted, rule)).toBytes()));
    List<Double> divergences = divergences(tried);
    Map<RangeRule, Double> byRule = new EnumMap<>(RangeRule.class);
    for (int k = 0; k < rules.size(); k++) {
      byRule.put(rules.get(k), divergences.get(1 + k));
    }
    RangeRule best =
        byRule.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow().getKey();
    double inFloats = divergences.get(0);
    Search search = new Search(all, counted, best, byRule.get(best), inFloats);
    Spared found = search.spared();
    Set<String> spared = found.layers();
    LOG.info(
        "eight bits: divergence {} in floats, {} by rule; {} taken, {} of {} layers in floats: {}",
        inFloats,
        byRule,
        best,
        spared.size(),
        all.layers().size(),
        found.divergence());
    return new Result(
        search.without(spared),
        new Quantization(
            inFloats,
            byRule,
            best,
            found.divergence(),
            all.layers().stream().filter(layer -> !spared.contains(layer)).toList(),
            all.layers().stream().filter(spared::contains).toList()));
  }

  private List<Double> divergences(List<byte[]> networks) {
    return judge.evaluate(networks).stream().skip(1).map(Evaluation::difference).toList();
  }

  /** Layers that compute in floats, and the divergence with them. */
  private record Spared(Set<String> layers, double divergence) {}

  /** For layers that had better compute in floats. */
  private final class Search {
    private final CodedTensors all;
    private final Map<String, ValueHistogram> counted;
    private final RangeRule rule;
    private final double coded;
    private final double floats;

    Search(
        CodedTensors all,
        Map<String, ValueHistogram> counted,
        RangeRule rule,
        double coded,
        double floats) {
      this.all = all;
      this.counted = counted;
      this.rule = rule;
      this.coded = coded;
      this.floats = floats;
    }

    OnnxNetwork without(Set<String> spared) {
      CodedTensors some = all.without(spared);
      Map<String, AffineCode> codes = some.codes(counted, rule);
      return QuantizedNetwork.of(some, codes);
    }

    /** The layers, most harmful first, whose return to floats brings the output nearer. */
    Spared spared() {
      double cost = coded - floats;
      Spared spared = new Spared(Set.of(), coded);
      if (cost <= Math.max(NEGLIGIBLE, NEGLIGIBLE_SHARE * floats)) {
        return spared;
      }
      List<Double> alone = alone();
      List<Integer> harmful =
          IntStream.range(0, alone.size())
              .boxed()
              .filter(layer -> coded - alone.get(layer) > TOO_MUCH * cost)
              .sorted(Comparator.comparing(alone::get))
              .toList();
      for (int layer : harmful) {
        Set<String> more = new HashSet<>(spared.layers());
        more.add(all.layers().get(layer));
        OnnxNetwork tried = without(more);
        if (tried.length() <= mostBytes) {
          double divergence = divergences(List.of(tried.toBytes())).get(0);
          if (spared.divergence() - divergence > TOO_MUCH * cost) {
            spared = new Spared(more, divergence);
          }
        }
      }
      return spared;
    }

    /** The divergence with each of the layers alone in floats. */
    private List<Double> alone() {
      List<Double> alone = new ArrayList<>();
      List<String> layers = all.layers();
      for (int first = 0; first < layers.size(); first += TRIALS_AT_ONCE) {
        List<String> some = layers.subList(first, Math.min(layers.size(), first + TRIALS_AT_ONCE));
        alone.addAll(
            divergences(some.stream().map(layer -> without(Set.of(layer)).toBytes()).toList()));
      }
      return alone;
    }
  }
}
