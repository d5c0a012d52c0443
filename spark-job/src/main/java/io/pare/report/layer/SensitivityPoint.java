package io.pare.report.layer;

/**
 * What one candidate in place of its layer, all else as it was, does to the network's output.
 *
 * @param error relative post-activation error of the layer on held-out samples
 * @param divergence mean KL divergence from the original's softmax, in nats
 */
public record SensitivityPoint(double error, double divergence) {}
