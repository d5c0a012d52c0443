/**
 * Pare compresses convolutional networks on Spark: an ONNX network and unlabelled images go in, a
 * smaller ONNX network comes out.
 *
 * <pre>
 * images + model -> CollectStatistics -> SolveLayers -> plan -> RefitLayers -> rewritten model
 *                -> EvaluateModel -> report -> publish
 * </pre>
 *
 * <p>{@link io.pare.InputException} is the one error that a user can mend; this package depends on
 * nothing.
 */
package io.pare;
