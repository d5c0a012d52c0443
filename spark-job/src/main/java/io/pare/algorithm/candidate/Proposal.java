package io.pare.algorithm.candidate;

import io.pare.algorithm.admm.Trace;
import io.pare.algorithm.structure.Structure;
import java.util.Optional;

/**
 * A structure that a search proposes for a layer, to be fitted and judged.
 *
 * @param structure proposed
 * @param trace of the ADMM that found it, where one did
 */
public record Proposal(Structure.Sum structure, Optional<Trace> trace) {
  static Proposal of(Structure structure) {
    return new Proposal((Structure.Sum) structure, Optional.empty());
  }
}
