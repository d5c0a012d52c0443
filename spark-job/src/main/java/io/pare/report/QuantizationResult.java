package io.pare.report;

import io.pare.report.json.Missing;
import java.util.List;
import java.util.Map;

/**
 * How the network was put into eight bits or fewer. Divergences are those of the outputs from the
 * original's on held-out images, means, in nats.
 *
 * @param divergenceInFloats before
 * @param byRule with the ranges that each rule gives, all layers coded
 * @param rule that was taken
 * @param divergence of the network that was written
 * @param layers that compute on whole numbers
 * @param inFourBits those of them whose weights take four bits
 * @param keptInFloats layers that do not, because their codes cost the output too much
 * @param processor what of the processor that measured the times multiplies eight-bit numbers
 */
public record QuantizationResult(
    double divergenceInFloats,
    Map<String, Double> byRule,
    String rule,
    double divergence,
    int layers,
    List<String> inFourBits,
    List<String> keptInFloats,
    String processor) {

  public QuantizationResult {
    Missing.refuse(rule, processor);
    byRule = Missing.orEmpty(byRule);
    inFourBits = Missing.orEmpty(inFourBits);
    keptInFloats = Missing.orEmpty(keptInFloats);
  }
}
