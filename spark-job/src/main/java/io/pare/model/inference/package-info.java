/**
 * Running: a network and images in, tensors out.
 *
 * <p>Entry types: {@link io.pare.model.inference.InferenceSessions} and {@link
 * io.pare.model.inference.ShapeMeasurement}. The only package that sees ONNX Runtime and that sets
 * the environment of native libraries. Depends on {@code model} and {@code rewrite}; nothing about
 * compression is decided here.
 */
package io.pare.model.inference;
