package io.pare.algorithm.structure;

/**
 * A structure that a layer may take and how well it does.
 *
 * @param structure the decision
 * @param error relative post-activation error on held-out samples
 */
public record Candidate(Structure structure, double error) {
  public Candidate {
    if (!Double.isFinite(error) || error < 0) {
      throw new IllegalArgumentException(structure.label() + " has an error of " + error);
    }
  }
}
