/**
 * Surgery: a network in, another network out.
 *
 * <p>Entry types: {@link io.pare.model.rewrite.BatchNormalizationFolding} before a compression,
 * {@link io.pare.model.rewrite.ChannelFlow} for its plan, {@link
 * io.pare.model.rewrite.ModelRewriter} and {@link io.pare.model.rewrite.DeadChannels} after it.
 * Depends on {@code model}, {@code algorithm}, the root package and the ONNX protobuf classes;
 * knows no ONNX Runtime.
 */
package io.pare.model.rewrite;
