package io.pare.algorithm.candidate;

import io.pare.algorithm.admm.Trace;
import io.pare.algorithm.fit.LayerFits;
import io.pare.algorithm.structure.Candidate;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * All candidates of a family, fitted and judged.
   *
   * @param shape of the group
   * @param fits of it
   * @param search what a search for structures is told
   */
  public static List<GroupCandidate> of(
      Family family, LayerGroup group, LayerShape shape, LayerFits fits, Search search) {
    return family.form().isPresent()
        ? path(family, group, shape, fits)
        : proposed(family, group, fits, search);
  }

  private static List<GroupCandidate> path(
      Family family, LayerGroup group, LayerShape shape, LayerFits fits) {
    Form form = family.form().orElseThrow();
    int[] steps = form.steps(shape);
    List<Candidate> candidates = fits.path(form, steps);
    List<GroupCandidate> result = new ArrayList<>();
    for (int k = 0; k < steps.length; k++) {
      result.add(of(family, group, steps[k], candidates.get(k), Optional.empty()));
    }
    return result;
  }

  private static List<GroupCandidate> proposed(
      Family family, LayerGroup group, LayerFits fits, Search search) {
    List<Proposal> proposals =
        fits.regression()
            .map(regression -> family.proposals(regression, search))
            .orElseGet(() -> family.proposals(fits.screen().orElseThrow(), search));
    List<Candidate> candidates = fits.judged(proposals.stream().map(Proposal::structure).toList());
    List<GroupCandidate> result = new ArrayList<>();
    for (int k = 0; k < candidates.size(); k++) {
      Proposal proposal = proposals.get(k);
      result.add(of(family, group, proposal.step(), candidates.get(k), proposal.trace()));
    }
    return result;
  }

  private static GroupCandidate of(
      Family family, LayerGroup group, int step, Candidate candidate, Optional<Trace> trace) {
    return new GroupCandidate(group, family, step, candidate.structure(), candidate.error(), trace);
  }
}
