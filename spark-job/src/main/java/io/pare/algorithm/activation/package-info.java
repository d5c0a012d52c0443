/**
 * The scalar functions that follow layers: {@link io.pare.algorithm.activation.Activation} is the
 * one place that knows them. Knows nothing of layers; depends on java alone.
 */
package io.pare.algorithm.activation;
