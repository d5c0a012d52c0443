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

  /** What the layer costs. */
  public LayerCost cost() {
    return new LayerCost(weights, macs);
  }
}
