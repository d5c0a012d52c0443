package io.pare.algorithm.statistics;

import java.util.ArrayList;
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

  /** The sums with other samples of the same images and positions. */
  SampleBlock plus(SampleBlock other) {
    return new SampleBlock(fit.plus(other.fit), heldOut.plus(other.heldOut));
  }

  /** The rows cut as those of some blocks are, which have as many together. */
  public List<SampleBlock> splitLike(List<SampleBlock> blocks) {
    List<SampleBlock> parts = new ArrayList<>();
    int fitRow = 0;
    int heldOutRow = 0;
    for (SampleBlock block : blocks) {
      parts.add(
          new SampleBlock(
              fit.rows(fitRow, block.fit.rows()), heldOut.rows(heldOutRow, block.heldOut.rows())));
      fitRow += block.fit.rows();
      heldOutRow += block.heldOut.rows();
    }
    return parts;
  }

  /** The samples of all blocks, one after the other; at least one, of the same columns. */
  public static SampleBlock joined(List<SampleBlock> blocks) {
    return new SampleBlock(
        Samples.joined(blocks.stream().map(SampleBlock::fit).toList()),
        Samples.joined(blocks.stream().map(SampleBlock::heldOut).toList()));
  }
}
