/**
 * A network in fewer bits, in ONNX's standard operators: which tensors are coded ({@link
 * io.pare.model.quantization.CodedTensors}), and the network with their codes ({@link
 * io.pare.model.quantization.QuantizedNetwork}). Knows no images; see algorithm.md section 11.
 */
package io.pare.model.quantization;
