package io.pare.model;

import io.pare.algorithm.structure.LayerCost;
import java.io.Serializable;

/**
 * A layer that stays as it is.
 *
 * @param index place among all layers of the network, from 0 in graph order
 * @param name as in {@link Layer}
 * @param operator the ONNX operator
 * @param weights number of its constant weights; zero where they are not constant
 * @param macs multiply-accumulates for one image; zero where its output was not measured
 * @param reason why it is kept, for people
 */
public record KeptLayer(
    int index, String name, String operator, long weights, long macs, String reason)
    implements Serializable {
  private static final String SHARES = "shares the weights of ";

  /**
   * A node that uses the weights of a layer before it.
   *
   * @param other name of that layer, which has the weights to its account
   */
  static KeptLayer sharing(int index, String name, String operator, long macs, String other) {
    return new KeptLayer(
        index, name, operator, 0, macs, SHARES + other + " and becomes what it does");
  }

  /** Whether it is kept only as long as the layer is whose weights it uses. */
  public boolean isSharing() {
    return reason.startsWith(SHARES);
  }

  /** What the layer costs. */
  public LayerCost cost() {
    return new LayerCost(weights, macs);
  }
}
