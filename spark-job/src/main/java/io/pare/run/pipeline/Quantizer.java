package io.pare.run.pipeline;

import io.pare.algorithm.quantization.RangeRule;
import io.pare.algorithm.quantization.ValueHistogram;
import io.pare.algorithm.statistics.Evaluation;
import io.pare.model.OnnxNetwork;
import io.pare.model.quantization.CodedTensors;
import io.pare.model.quantization.QuantizedNetwork;
import io.pare.model.quantization.WeightCodes;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.EvaluateModelStage;
import io.pare.stage.network.GatherHistogramsStage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a network into eight bits (algorithm.md section 11): ranges from histograms of the
 * calibration images, by the rule whose network comes nearest to the original on held-out ones.
 * Where weights may take four bits all do at first, and those that gain most for a byte go back to
 * eight. Then layers whose codes cost the output too much go back to floats; both as far as the
 * budget of bytes allows.
 */
final class Quantizer {
  private static final Logger LOG = LoggerFactory.getLogger(Quantizer.class);

  /**
   * Less is not worth layers in floats, which take time, in nats and as a share of what is there.
   */
  private static final double NEGLIGIBLE = 5e-3;

  private static final double NEGLIGIBLE_SHARE = 0.05;

  /** A layer is spared when its codes alone make up this share of what all codes cost. */
  private static final double TOO_MUCH = 0.1;

  private static final int TRIALS_AT_ONCE = 8;

  private final GatherHistogramsStage histograms;
  private final EvaluateModelStage.Reference judge;
  private final Limits limits;

  /**
   * How small the network may and has to be.
   *
   * @param fourBits whether weights may take four bits
   * @param mostBytes that the file may have, where a target says so
   */
  record Limits(boolean fourBits, OptionalLong mostBytes) {
    private boolean hold(OnnxNetwork network) {
      return mostBytes.isEmpty() || network.length() <= mostBytes.getAsLong();
    }
  }

  /**
   * A quantizer.
   *
   * @param judge the original on images that no fit has seen
   */
  Quantizer(GatherHistogramsStage histograms, EvaluateModelStage.Reference judge, Limits limits) {
    this.histograms = histograms;
    this.judge = judge;
    this.limits = limits;
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
    Map<String, ValueHistogram> counted = histograms.run(all, images, valuesPerImage);
    Writer writer = new Writer(all, counted, new WeightCodes(all, counted));
    Choice inEightBits = new Choice(Set.of(), Set.of(), Double.NaN);
    List<RangeRule> rules = List.of(RangeRule.values());
    List<byte[]> tried = new ArrayList<>(List.of(network.toBytes()));
    rules.forEach(rule -> tried.add(writer.written(inEightBits, rule).toBytes()));
    List<Double> divergences = divergences(tried);
    Map<RangeRule, Double> byRule = new EnumMap<>(RangeRule.class);
    for (int k = 0; k < rules.size(); k++) {
      byRule.put(rules.get(k), divergences.get(1 + k));
    }
    RangeRule best =
        byRule.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow().getKey();
    double inFloats = divergences.get(0);
    Search search = new Search(writer, best, inFloats);
    Choice coded = inEightBits.judged(byRule.get(best));
    Choice found = search.spared(limits.fourBits() ? search.widened(coded) : coded);
    LOG.info(
        "eight bits: divergence {} in floats, {} by rule; {} taken, of {} layers {} in four bits, {} in floats: {}",
        inFloats,
        byRule,
        best,
        all.layers().size(),
        found.narrow().size(),
        found.floats().size(),
        found.divergence());
    return new Result(
        search.written(found),
        new Quantization(
            inFloats,
            byRule,
            best,
            found.divergence(),
            search.layers(layer -> !found.floats().contains(layer)),
            search.layers(found.narrow()::contains),
            search.layers(found.floats()::contains)));
  }

  private List<Double> divergences(List<byte[]> networks) {
    return judge.evaluate(networks).stream().skip(1).map(Evaluation::difference).toList();
  }

  /**
   * What becomes of the layers, by their outputs.
   *
   * @param floats compute in floats
   * @param narrow have weights of four bits
   * @param divergence of the network
   */
  private record Choice(Set<String> floats, Set<String> narrow, double divergence) {

    private Choice sparing(String layer) {
      return new Choice(with(floats, layer), without(narrow, layer), Double.NaN);
    }

    private Choice widening(String layer) {
      return new Choice(floats, without(narrow, layer), Double.NaN);
    }

    private Choice judged(double measured) {
      return new Choice(floats, narrow, measured);
    }

    private static Set<String> with(Set<String> layers, String layer) {
      Set<String> more = new HashSet<>(layers);
      more.add(layer);
      return more;
    }

    private static Set<String> without(Set<String> layers, String layer) {
      Set<String> fewer = new HashSet<>(layers);
      fewer.remove(layer);
      return fewer;
    }
  }

  /** Of networks that differ in what became of their layers. */
  private record Writer(
      CodedTensors all, Map<String, ValueHistogram> counted, WeightCodes weights) {

    private OnnxNetwork written(Choice choice, RangeRule rule) {
      CodedTensors some = all.without(choice.floats());
      return QuantizedNetwork.of(some, some.codes(counted, rule), choice.narrow(), weights);
    }
  }

  /** For what had better become of each layer. */
  private final class Search {
    private final Writer writer;
    private final RangeRule rule;
    private final double floats;

    Search(Writer writer, RangeRule rule, double floats) {
      this.writer = writer;
      this.rule = rule;
      this.floats = floats;
    }

    OnnxNetwork written(Choice choice) {
      return writer.written(choice, rule);
    }

    List<String> layers(Predicate<String> of) {
      return writer.all().layers().stream().filter(of).toList();
    }

    /**
     * Weights of four bits, but for those that gain most for each byte of eight: with a budget as
     * many as it holds, without one those that cost too much.
     *
     * @param coded all layers in eight bits
     */
    Choice widened(Choice coded) {
      Map<String, Long> weights = writer.all().narrowable();
      Choice narrow = new Choice(Set.of(), weights.keySet(), Double.NaN);
      narrow = narrow.judged(divergence(narrow));
      double cost = narrow.divergence() - coded.divergence();
      double enough = limits.mostBytes().isPresent() ? 0 : TOO_MUCH * cost;
      Map<String, Double> gains = new HashMap<>();
      List<String> layers = List.copyOf(weights.keySet());
      List<Double> alone = alone(layers.stream().map(narrow::widening).toList());
      for (int k = 0; k < alone.size(); k++) {
        gains.put(layers.get(k), narrow.divergence() - alone.get(k));
      }
      List<String> mostForItsBytes =
          layers.stream()
              .filter(layer -> gains.get(layer) > enough)
              .sorted(
                  Comparator.comparingDouble(
                      (String layer) -> -gains.get(layer) / weights.get(layer)))
              .toList();
      Choice wide = narrow;
      for (String layer : mostForItsBytes) {
        Choice tried = wide.widening(layer);
        wide = limits.hold(written(tried)) ? tried : wide;
      }
      return wide.equals(narrow) ? narrow : wide.judged(divergence(wide));
    }

    /** Those layers in floats, most harmful first, whose return brings the output nearer. */
    Choice spared(Choice coded) {
      double cost = coded.divergence() - floats;
      if (cost <= Math.max(NEGLIGIBLE, NEGLIGIBLE_SHARE * floats)) {
        return coded;
      }
      List<String> layers = layers(layer -> limits.hold(written(coded.sparing(layer))));
      List<Double> alone = alone(layers.stream().map(coded::sparing).toList());
      List<Integer> harmful =
          IntStream.range(0, alone.size())
              .boxed()
              .filter(layer -> coded.divergence() - alone.get(layer) > TOO_MUCH * cost)
              .sorted(Comparator.comparing(alone::get))
              .toList();
      Choice spared = coded;
      for (int layer : harmful) {
        Choice more = spared.sparing(layers.get(layer));
        if (limits.hold(written(more))) {
          double divergence = divergence(more);
          if (spared.divergence() - divergence > TOO_MUCH * cost) {
            spared = more.judged(divergence);
          }
        }
      }
      return spared;
    }

    private double divergence(Choice choice) {
      return divergences(List.of(written(choice).toBytes())).get(0);
    }

    /** The divergence with each of some choices, of which a few are held at once. */
    private List<Double> alone(List<Choice> choices) {
      List<Double> alone = new ArrayList<>();
      for (int first = 0; first < choices.size(); first += TRIALS_AT_ONCE) {
        List<Choice> some =
            choices.subList(first, Math.min(choices.size(), first + TRIALS_AT_ONCE));
        alone.addAll(divergences(some.stream().map(choice -> written(choice).toBytes()).toList()));
      }
      return alone;
    }
  }
}
