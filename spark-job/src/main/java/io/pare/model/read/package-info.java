/**
 * Reading: ONNX bytes in, a validated network or one clear error out.
 *
 * <p>Entry type: {@link io.pare.model.read.ModelReader}. Depends on {@code model}, the root package
 * and the ONNX protobuf classes; knows neither ONNX Runtime nor how networks are changed.
 */
package io.pare.model.read;
