package io.pare.stage.layers;

import io.pare.algorithm.structure.Approximation;
import java.util.List;

/**
 * What became of one layer.
 *
 * @param approximations of its groups
 * @param error mean over the groups of the relative post-activation error on held-out samples
 */
public record LayerFit(List<Approximation> approximations, double error) {}
