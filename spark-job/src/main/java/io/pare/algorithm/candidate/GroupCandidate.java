package io.pare.algorithm.candidate;

import io.pare.algorithm.admm.Trace;
import io.pare.algorithm.fit.LayerFits;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.algorithm.structure.Structure;
import java.util.Optional;

/**
 * A candidate of one layer group.
 *
 * @param group that it is for
 * @param family that it belongs to
 * @param step place in the family: of a low-rank form the step on its path, else a number
 * @param structure of the group
 * @param error relative post-activation error on held-out samples
 * @param trace of the ADMM that found it, where one did
 */
public record GroupCandidate(
    LayerGroup group,
    Family family,
    int step,
    Structure structure,
    double error,
    Optional<Trace> trace) {

  /** A candidate of a structure that was judged. */
  static GroupCandidate of(
      Family family, LayerGroup group, int step, LayerFits.Judged judged, Optional<Trace> trace) {
    return new GroupCandidate(group, family, step, judged.structure(), judged.error(), trace);
  }
}
