/**
 * Samples of a layer and all that is summed over them: {@link
 * io.pare.algorithm.statistics.Moments}, the {@link io.pare.algorithm.statistics.Regression} that
 * they pose, errors after the activation. Depends on {@code dense} and {@code structure}.
 */
package io.pare.algorithm.statistics;
