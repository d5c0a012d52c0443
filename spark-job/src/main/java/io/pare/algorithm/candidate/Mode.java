package io.pare.algorithm.candidate;

import io.pare.algorithm.fit.Fitting;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * A method: which structures layers may take, and what these are fitted to. All but {@link #FULL}
 * are baselines, planned, measured and reported the same way.
 */
public enum Mode {
  /** Singular value decompositions of the weights alone, channel and spatial. */
  SVD(Fitting.WEIGHTS, EnumSet.of(Family.LOW_RANK_CHANNEL, Family.LOW_RANK_SPATIAL)),
  /** Low rank in the metric of the data, fitted before the nonlinearity. */
  WHITENED(
      Fitting.LINEAR,
      EnumSet.of(Family.LOW_RANK_CHANNEL, Family.LOW_RANK_SPATIAL, Family.TUCKER, Family.CHAIN)),
  /** Input channels alone, kept greedily and refitted by least squares. */
  PRUNE(Fitting.LINEAR, EnumSet.of(Family.KEPT_INPUTS)),
  /** Low rank fitted after the nonlinearity: A = 0. */
  LOW_RANK_RELU(
      Fitting.ACTIVATION,
      EnumSet.of(Family.LOW_RANK_CHANNEL, Family.LOW_RANK_SPATIAL, Family.TUCKER, Family.CHAIN)),
  /** Everything: each component alone and their sums, fitted after the nonlinearity. */
  FULL(Fitting.ACTIVATION, EnumSet.allOf(Family.class));

  private final Fitting fitting;

  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<Family> families;

  Mode(Fitting fitting, EnumSet<Family> families) {
    this.fitting = fitting;
    this.families = Collections.unmodifiableSet(families);
  }

  /** What the chosen structures are fitted to. */
  public Fitting fitting() {
    return fitting;
  }

  /** Structures that layers may take. */
  public Set<Family> families() {
    return families;
  }
}
