/**
 * The network: ONNX bytes in, ONNX bytes out; validation, graph analysis, probes, rewriting and
 * inference.
 *
 * <p>The only package that sees the ONNX protobuf classes and ONNX Runtime. Depends on {@code
 * algorithm} and the root package.
 */
package io.pare.model;
