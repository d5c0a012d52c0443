package io.pare.job;

import io.pare.algorithm.LayerCost;
import io.pare.algorithm.Structure;
import io.pare.model.Layer;

/**
 * What is to become of one layer.
 *
 * @param layer as it is
 * @param structure that all its groups take
 * @param cost of the layer in that structure
 * @param expectedError relative post-activation error that the candidate had on held-out samples
 * @param reason why the layer stays, empty where it does not
 */
record LayerPlan(
    Layer layer, Structure structure, LayerCost cost, double expectedError, String reason) {}
