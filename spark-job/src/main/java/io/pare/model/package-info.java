/**
 * The network: an ONNX graph with its layers, their weights, windows and feature maps.
 *
 * <p>Entry types: {@link io.pare.model.OnnxNetwork} and {@link io.pare.model.NetworkLayers}. Bytes
 * become a network in {@code read}, a network becomes another in {@code rewrite} and is run in
 * {@code inference}; none of them is known here. Depends on {@code algorithm}, the root package and
 * the ONNX protobuf classes.
 */
package io.pare.model;
