package io.pare.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How much the written network may differ from the original.
 *
 * @param kind what is measured
 * @param limit the most that is allowed, at least 0 and finite
 */
public record AccuracyLimit(Kind kind, double limit) {

  /** What a limit can be set on. */
  public enum Kind {
    /** Percentage points of top-1 lost on the labelled validation images. */
    MAX_TOP1_DROP,
    /**
     * Mean KL divergence of the softmax from the original's, in nats, on the calibration images
     * that were held out from the fit; no labels needed. Of several outputs of scores the largest.
     */
    MAX_KL,
    /**
     * Squared error relative to the original's squares on those images, of outputs of values; of
     * several the largest.
     */
    MAX_OUTPUT_ERROR;

    /** The name in a target's text. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** A finite limit of at least 0. */
  public AccuracyLimit {
    if (!(limit >= 0) || Double.isInfinite(limit)) {
      throw new IllegalArgumentException(kind.label() + " must be a finite number of at least 0");
    }
  }

  /**
   * What a limit of lost top-1 points asks of the agreement with the original, because hits by luck
   * alone, or labels that mean little, must not let a ruined network pass: with a limit of P points
   * the first class must be the original's on at least as many images as the original is right on,
   * less P, and on half of 100 - P in any case.
   *
   * @param top1 share of the images on which the original is right, from 0 to 1
   * @return points of images on which the first class may differ, from 0 to 100
   */
  public double mostDisagreement(double top1) {
    double kept = Math.max(0, 100 - limit);
    return 100 - Math.max(100 * top1 - (100 - kept), kept / 2);
  }

  static Optional<Kind> kind(String name) {
    return Arrays.stream(Kind.values()).filter(kind -> kind.label().equals(name)).findFirst();
  }

  static String names() {
    return Arrays.stream(Kind.values()).map(Kind::label).collect(Collectors.joining(" or "));
  }

  @Override
  public String toString() {
    return kind.label() + "=" + limit;
  }
}
