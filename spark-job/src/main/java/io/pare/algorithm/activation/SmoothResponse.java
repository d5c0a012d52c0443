package io.pare.algorithm.activation;

/** A response that is no clamp, with what the search for targets needs of it. Thread-safe. */
public interface SmoothResponse extends Response {
  /** Its derivative at y, at a kink that of either side. */
  double slope(double y);

  /** Where it turns or bends most: a place where a search begins. */
  double fold();

  /** The greatest absolute slope. */
  double steepest();

  /** The greatest change of the slope for a change of y by one, as seen over a quarter. */
  double curvature();
}
