package io.pare.algorithm.fit;

import io.pare.algorithm.dense.Matrix;
import java.util.Optional;

/**
 * A kernel as a chain of factors (algorithm.md section 1): with column {@code j taps + w}, M_w = U
 * K_w V, where V reads the input once for all taps.
 *
 * @param inner V, r x m
 * @param core K, s x (r taps), column {@code q taps + w}; n rows where there is no U
 * @param output U, n x s
 */
record TapFactors(Matrix inner, Matrix core, Optional<Matrix> output) {}
