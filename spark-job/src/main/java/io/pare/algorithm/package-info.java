/**
 * The mathematics, arrays and records in, records out: {@code dense} matrices, the {@code
 * structure} that a layer may take, the {@code activation} behind it, {@code statistics} of its
 * samples, the {@code fit} of one structure, the {@code admm} that finds sums, {@code candidate}
 * families, and {@code learning} by gradients.
 *
 * <p>None of these packages knows one that is named behind it. All of them depend on java, {@code
 * dense} on ND4J (with the OpenBLAS that ND4J brings) and {@code process}: no Spark, ONNX, Hadoop,
 * files, clocks, logging or unseeded randomness.
 */
package io.pare.algorithm;
