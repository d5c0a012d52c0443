package io.pare.plan;

import io.pare.algorithm.structure.LayerCost;
import io.pare.model.Layer;

/**
 * What is to become of one layer.
 *
 * @param layer as it is
 * @param choice what it becomes
 * @param cost as it will be written, without the filters that nobody reads any more
 * @param divergence that the output is expected to suffer from this layer alone, in nats
 * @param free whether its weights may change at all
 * @param reason why the layer stays, empty where it does not
 */
public record LayerPlan(
    Layer layer,
    LayerCandidate choice,
    LayerCost cost,
    double divergence,
    boolean free,
    String reason) {}
