/**
 * Pare compresses convolutional networks on Spark: an ONNX network and unlabelled images go in, a
 * smaller ONNX network comes out.
 *
 * <pre>
 * network + images -> SampledLayers -> SolvedLayers -> NetworkStudy -> CompressionPlan
 *                  -> Compressed -> WrittenNetwork -> RunReport -> ResultPublisher
 * </pre>
 *
 * <p>{@code run.CompressionJob} is this chain. {@link io.pare.InputException} is the one error that
 * a user can mend; this package depends on nothing.
 */
package io.pare;
