package io.pare.io.publish;

/** What a run does about a result that is already at its output path. */
public enum IfExists {
  /** Refuses before it computes anything. */
  FAIL,
  /** Ends well at once and leaves the result as it is. */
  SKIP,
  /** Replaces the result, which stays readable until the new one is complete. */
  OVERWRITE
}
