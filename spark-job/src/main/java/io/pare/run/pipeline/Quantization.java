package io.pare.run.pipeline;

import io.pare.algorithm.quantization.RangeRule;
import java.util.List;
import java.util.Map;

/**
 * What became of a network in eight bits or fewer, judged on the calibration images that no fit has
 * seen.
 *
 * @param divergenceInFloats of that from the original, in nats, the mean over images
 * @param byRule divergence of the network whose ranges each rule gave, all layers coded
 * @param rule that was taken
 * @param divergence of the network that was written
 * @param layers coded, by output
 * @param inFourBits those whose weights take four bits
 * @param keptInFloats layers that compute in floats, because their codes cost the output too much
 */
public record Quantization(
    double divergenceInFloats,
    Map<RangeRule, Double> byRule,
    RangeRule rule,
    double divergence,
    List<String> layers,
    List<String> inFourBits,
    List<String> keptInFloats) {

  /** What the codes add to the divergence, in nats, at least 0. */
  double cost() {
    return Math.max(0, divergence - divergenceInFloats);
  }
}
