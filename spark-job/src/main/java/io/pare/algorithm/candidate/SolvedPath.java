package io.pare.algorithm.candidate;

import io.pare.algorithm.fit.LayerFits;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All candidates of one family for a layer group, fitted and judged.
 *
 * @param candidates in the order of the family
 * @param tried fits of those that a trial may ask for: see {@link TrialErrors}
 */
public record SolvedPath(List<GroupCandidate> candidates, List<Fit> tried) {

  /** The fit of a structure of a layer group. */
  public record Fit(LayerGroup group, Structure structure, Approximation approximation) {}

  /**
   * Fits and judges a family.
   *
   * @param shape of the group
   * @param fits of it
   * @param search what a search for structures is told
   */
  public static SolvedPath of(
      Family family, LayerGroup group, LayerShape shape, LayerFits fits, Search search) {
    List<GroupCandidate> candidates = new ArrayList<>();
    List<LayerFits.Judged> judged;
    if (family.form().isPresent()) {
      Form form = family.form().get();
      int[] steps = form.steps(shape);
      judged = fits.path(form, steps);
      for (int k = 0; k < steps.length; k++) {
        candidates.add(GroupCandidate.of(family, group, steps[k], judged.get(k), Optional.empty()));
      }
    } else {
      List<Proposal> proposals = proposals(family, fits, search);
      judged = fits.judged(proposals.stream().map(Proposal::structure).toList());
      for (int k = 0; k < proposals.size(); k++) {
        Proposal proposal = proposals.get(k);
        candidates.add(
            GroupCandidate.of(family, group, proposal.step(), judged.get(k), proposal.trace()));
      }
    }
    return new SolvedPath(candidates, tried(group, judged));
  }

  private static List<Proposal> proposals(Family family, LayerFits fits, Search search) {
    return fits.regression()
        .map(regression -> family.proposals(regression, search))
        .orElseGet(() -> family.proposals(fits.screen().orElseThrow(), search));
  }

  private static List<Fit> tried(LayerGroup group, List<LayerFits.Judged> judged) {
    List<Fit> tried = new ArrayList<>();
    for (LayerFits.Judged each : TrialErrors.nearest(judged, LayerFits.Judged::error)) {
      each.fit().ifPresent(fit -> tried.add(new Fit(group, each.structure(), fit)));
    }
    return tried;
  }
}
