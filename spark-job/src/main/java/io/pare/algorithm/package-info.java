/**
 * The mathematics, arrays and records in, records out: {@code dense} matrices, the {@code
 * structure} that a layer may take, {@code statistics} of its samples, the {@code fit} of one
 * structure, the {@code admm} that finds sums, and {@code candidate} families.
 *
 * <p>Each of these packages knows those named before it alone. All of them depend on java and ND4J
 * (with the OpenBLAS that ND4J brings): no Spark, ONNX, Hadoop, files, clocks, logging or unseeded
 * randomness.
 */
package io.pare.algorithm;
