package io.pare.algorithm;

/**
 * Sampled inputs of one layer group from some images of the data set.
 *
 * @param fit samples that a fit may see
 * @param heldOut samples, of other images, that judge it
 */
public record SampleBlock(Samples fit, Samples heldOut) {}
