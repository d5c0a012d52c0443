package io.pare.report;

import java.util.Optional;

/**
 * What was measured of one network file.
 *
 * @param weights of all convolutions and fully connected layers, biases not counted
 * @param macs multiply-accumulates of these layers for one image
 * @param bytes length of the file
 * @param accuracy on the validation images, where there were any
 * @param latency where it was measured
 */
public record NetworkFigures(
    long weights,
    long macs,
    long bytes,
    Optional<Accuracy> accuracy,
    Optional<MeasuredLatency> latency) {}
