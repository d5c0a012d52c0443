package io.pare.model.gradient.graph;

import io.pare.InputException;
import io.pare.model.OnnxNetwork;
import io.pare.model.proto.Onnx;

/**
 * Which version of the operators a gradient network is written in: that of the network, but for one
 * case. From 13 on a network means the same in 16, RoiAlign apart, and there a scatter can add.
 * Stateless.
 */
public final class OperatorSet {
  /** Where, Sign and sums of several tensors that are repeated along axes. */
  private static final long OLDEST = 9;

  private static final long OLDEST_TO_RAISE = 13;

  /** ScatterElements adds up what falls on the same place. */
  public static final long SCATTER_ADDS = 16;

  private OperatorSet() {}

  /**
   * The version for a network and its gradients.
   *
   * @throws InputException for a network written in operators before version 9
   */
  public static long forGradients(OnnxNetwork network) {
    long opset = network.opset();
    if (opset < OLDEST) {
      throw InputException.data(
          "the network is written in operator set %d; gradients need %d or later; convert it"
              .formatted(opset, OLDEST));
    }
    boolean pools = has(network, "MaxPool") && !has(network, "RoiAlign");
    return pools && opset >= OLDEST_TO_RAISE && opset < SCATTER_ADDS ? SCATTER_ADDS : opset;
  }

  private static boolean has(OnnxNetwork network, String operator) {
    return network.nodes().stream().anyMatch(node -> node.getOpType().equals(operator));
  }

  /** Sets the version of the default operators. */
  public static Onnx.ModelProto.Builder raise(Onnx.ModelProto.Builder model, long opset) {
    for (Onnx.OperatorSetIdProto.Builder each : model.getOpsetImportBuilderList()) {
      if (each.getDomain().isEmpty() || each.getDomain().equals("ai.onnx")) {
        each.setVersion(opset);
      }
    }
    return model;
  }
}
