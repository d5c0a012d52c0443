package io.pare.algorithm.fit;

/** What a structure is fitted to. */
public enum Fitting {
  /** The weights alone, in the metric of their entries: no data. */
  WEIGHTS,
  /** The outputs before the nonlinearity, in the metric of the data (algorithm.md section 2). */
  LINEAR,
  /** The outputs after the nonlinearity (algorithm.md section 3). */
  ACTIVATION
}
