package io.pare.algorithm.candidate;

import io.pare.algorithm.admm.Trace;
import io.pare.algorithm.structure.Structure;
import java.util.Optional;

/**
 * A structure that a search proposes for a layer, to be fitted and judged.
 *
 * @param step place in the family: what the groups of a convolution propose at the same step makes
 *     one candidate of the layer
 * @param structure proposed
 * @param trace of the ADMM that found it, where one did
 */
public record Proposal(int step, Structure.Sum structure, Optional<Trace> trace) {
  static Proposal of(int step, Structure structure) {
    return new Proposal(step, (Structure.Sum) structure, Optional.empty());
  }
}
