package io.pare.algorithm;

import java.util.List;

/**
 * Sampled inputs of one layer group from some images of the data set.
 *
 * @param fit samples that a fit may see
 * @param heldOut samples, of other images, that judge it
 */
public record SampleBlock(Samples fit, Samples heldOut) {

  /** Some neighbouring columns of all samples, copied. */
  public SampleBlock columns(int first, int count) {
    return new SampleBlock(fit.columns(first, count), heldOut.columns(first, count));
  }

  /** The samples of all blocks, one after the other; at least one, of the same columns. */
  public static SampleBlock joined(List<SampleBlock> blocks) {
    return new SampleBlock(
        Samples.joined(blocks.stream().map(SampleBlock::fit).toList()),
        Samples.joined(blocks.stream().map(SampleBlock::heldOut).toList()));
  }
}
