/**
 * What eight bits keep of numbers: which range a tensor's codes span ({@link
 * io.pare.algorithm.quantization.RangeRule}, from a {@link
 * io.pare.algorithm.quantization.ValueHistogram}), and the codes of weights ({@link
 * io.pare.algorithm.quantization.ChannelCodes}). Knows nothing of layers; depends on java alone.
 */
package io.pare.algorithm.quantization;
