package io.pare.algorithm.statistics;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Inputs of a layer group and what the original layer put out for them.
 *
 * @param outputs y = W x + b on the original network's inputs, before the activation; y + s where
 *     an addition comes first
 * @param inputs x^ at the same positions of the same images in the network compressed so far; x
 *     itself in the symmetric mode
 * @param summand s^, what joins the layer's outputs in the network compressed so far; empty without
 *     an addition
 */
public record PairedBlock(SampleBlock outputs, SampleBlock inputs, Optional<SampleBlock> summand) {
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

  /**
   * What the activation reads for the samples of the fit.
   *
   * @param products what the layer, or what takes its place, puts out for them
   */
  public Samples fitWith(Samples products) {
    return summand.map(s -> products.plus(s.fit())).orElse(products);
  }

  /** The same for held-out samples. */
  public Samples heldOutWith(Samples products) {
    return summand.map(s -> products.plus(s.heldOut())).orElse(products);
  }

  /**
   * What a linear fit has to put out.
   *
   * @param target that the activation is to read, for the samples of the fit
   */
  public Samples forLayer(Samples target) {
    return summand.map(s -> target.minus(s.fit())).orElse(target);
  }

  /** All blocks as one, in order; at least one. */
  public static PairedBlock joined(List<PairedBlock> parts) {
    return parts.size() == 1
        ? parts.get(0)
        : new PairedBlock(
            SampleBlock.joined(parts.stream().map(PairedBlock::outputs).toList()),
            SampleBlock.joined(parts.stream().map(PairedBlock::inputs).toList()),
            parts.get(0).summand.isEmpty()
                ? Optional.empty()
                : Optional.of(
                    SampleBlock.joined(
                        parts.stream().map(part -> part.summand.orElseThrow()).toList())));
  }
}
