package io.pare.algorithm.statistics;

import java.util.Optional;

/**
 * What was drawn for one layer group from some images.
 *
 * @param inputs that the layer reads
 * @param summand what joins the layer's outputs at the same positions before the activation; empty
 *     where no addition follows that the fit sees
 */
public record DrawnBlock(SampleBlock inputs, Optional<SampleBlock> summand) {

  /**
   * What the activation reads.
   *
   * @param outputs of the layer for the inputs
   */
  public SampleBlock joinedBy(SampleBlock outputs) {
    return summand.map(outputs::plus).orElse(outputs);
  }
}
