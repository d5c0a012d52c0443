package io.pare.algorithm.statistics;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Inputs of a layer group and what the original layer put out for them.
 *
 * @param outputs y = W x + b on the original network's inputs, before the activation
 * @param inputs x^ at the same positions of the same images in the network compressed so far; x
 *     itself in the symmetric mode
 */
public record PairedBlock(SampleBlock outputs, SampleBlock inputs) {
  // 64 MB of inputs: products of this size run near the speed of the processor.
  private static final int CHUNK_VALUES = 1 << 24;

  /**
   * Joins neighbours, in order, until their inputs are large enough for a matrix product to run at
   * full speed. Where the cuts lie depends on the blocks alone.
   */
  public static Iterator<PairedBlock> chunks(Iterator<PairedBlock> blocks) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return blocks.hasNext();
      }

      @Override
      public PairedBlock next() {
        if (!blocks.hasNext()) {
          throw new NoSuchElementException("the last chunk is behind");
        }
        List<PairedBlock> parts = new ArrayList<>();
        long values = 0;
        while (blocks.hasNext() && values < CHUNK_VALUES) {
          PairedBlock block = blocks.next();
          parts.add(block);
          values += block.inputs.fit().values().length + block.inputs.heldOut().values().length;
        }
        return joined(parts);
      }
    };
  }

  /** All blocks as one, in order; at least one. */
  public static PairedBlock joined(List<PairedBlock> parts) {
    return parts.size() == 1
        ? parts.get(0)
        : new PairedBlock(
            SampleBlock.joined(parts.stream().map(PairedBlock::outputs).toList()),
            SampleBlock.joined(parts.stream().map(PairedBlock::inputs).toList()));
  }
}
