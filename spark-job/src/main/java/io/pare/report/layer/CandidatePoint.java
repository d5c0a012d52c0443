package io.pare.report.layer;

import io.pare.report.json.Missing;

/**
 * What a layer could have become, as a point of a chart.
 *
 * @param structure label, such as {@code spatial(94)+channels(4)}
 * @param family label of the family of structures that it comes from
 * @param weights of all groups of the layer, bias not counted
 * @param error relative post-activation error on held-out samples
 * @param sum whether both the low-rank and the sparse component are there
 */
public record CandidatePoint(
    String structure, String family, long weights, double error, boolean sum) {

  public CandidatePoint {
    Missing.refuse(structure, family);
  }
}
