/**
 * Running: a network and images in, tensors or times out.
 *
 * <p>Entry types: {@link io.pare.model.inference.InferenceSessions}, {@link
 * io.pare.model.inference.ShapeMeasurement}, {@link io.pare.model.inference.LayerTimer} and {@link
 * io.pare.model.inference.NetworkTimer}. The only package that sees ONNX Runtime. Depends on {@code
 * model}, {@code rewrite}, {@code algorithm} and {@code process}; nothing about compression is
 * decided here.
 */
package io.pare.model.inference;
