package io.pare.stage.matrix;

import java.io.Serializable;

/**
 * The largest magnitudes among the samples of a fit.
 *
 * @param count samples
 * @param values of each column of X, then of each column of U
 */
@SuppressWarnings("ArrayRecordComponent")
public record Magnitudes(int count, float[] values) implements Serializable {}
