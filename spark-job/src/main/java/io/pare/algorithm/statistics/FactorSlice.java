package io.pare.algorithm.statistics;

import io.pare.algorithm.dense.Matrix;

/**
 * Some columns of the first factor of a low-rank fit.
 *
 * @param firstColumn place of the first of them
 * @param columns r rows
 * @param onMean what they make of the mean input, r entries
 */
@SuppressWarnings("ArrayRecordComponent")
public record FactorSlice(int firstColumn, Matrix columns, double[] onMean) {}
