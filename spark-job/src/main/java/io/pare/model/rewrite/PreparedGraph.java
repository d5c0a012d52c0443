package io.pare.model.rewrite;

import io.pare.model.OnnxNetwork;

/**
 * The form of a network in which its layers are found, whatever exporter has written it: without
 * functions of its own, without nodes that compute constants, and with what scales and shifts
 * channels folded into the layer before it. It computes what the network computes. Stateless.
 */
public final class PreparedGraph {
  private PreparedGraph() {}

  /** The network in that form. */
  public static OnnxNetwork of(OnnxNetwork network) {
    return BatchNormalizationFolding.fold(ConstantFolding.fold(FunctionInlining.inline(network)));
  }
}
