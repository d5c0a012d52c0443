/**
 * The mathematics: moments, low-rank and structured sparse fits, plans. Arrays and records in,
 * records out.
 *
 * <p>Depends on java and ND4J (with the OpenBLAS that ND4J brings) alone: no Spark, ONNX, Hadoop,
 * files, clocks, logging or unseeded randomness.
 */
package io.pare.algorithm;
