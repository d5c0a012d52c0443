package io.pare.job;

import io.pare.model.Layer;

/**
 * What is to become of one layer.
 *
 * @param layer as it is
 * @param choice what it becomes
 * @param divergence that the output is expected to suffer from this layer alone, in nats
 * @param free whether its weights may change at all
 * @param reason why the layer stays, empty where it does not
 */
record LayerPlan(
    Layer layer, LayerCandidate choice, double divergence, boolean free, String reason) {}
