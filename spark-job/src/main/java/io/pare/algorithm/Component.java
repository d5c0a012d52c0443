package io.pare.algorithm;

/**
 * One summand of a layer's approximation, in the form in which it is written to the network. The
 * table in algorithm.md section 1 gives the weights of each.
 */
public sealed interface Component {

  /** Number of weights that the written component has. */
  long weights();

  /**
   * The whole kernel, unchanged in structure.
   *
   * @param kernel n x (c kh kw)
   */
  record Dense(Matrix kernel) implements Component {
    @Override
    public long weights() {
      return kernel.values().length;
    }
  }

  /**
   * Channel form: a kh x kw convolution to r channels, then a 1 x 1 convolution to n.
   *
   * @param first r x (c kh kw)
   * @param second n x r
   */
  record ChannelFactors(Matrix first, Matrix second) implements Component {
    @Override
    public long weights() {
      return (long) first.values().length + second.values().length;
    }
  }

  /**
   * Spatial form: a kh x 1 convolution to r channels, then a 1 x kw convolution to n.
   *
   * @param vertical r x (c kh), column {@code c * kh + h}
   * @param horizontal n x (r kw), column {@code q * kw + w}
   */
  record SpatialFactors(Matrix vertical, Matrix horizontal) implements Component {
    @Override
    public long weights() {
      return (long) vertical.values().length + horizontal.values().length;
    }
  }

  /**
   * Tucker-2 form: 1 x 1 to r1 channels, kh x kw to r2, 1 x 1 to n.
   *
   * @param input r1 x c
   * @param core r2 x (r1 kh kw)
   * @param output n x r2
   */
  record TuckerFactors(Matrix input, Matrix core, Matrix output) implements Component {
    @Override
    public long weights() {
      return (long) input.values().length + core.values().length + output.values().length;
    }
  }

  /**
   * Chain form: kh x 1 to r channels, 1 x kw to s, 1 x 1 to n.
   *
   * @param vertical r x (c kh), column {@code c * kh + h}
   * @param horizontal s x (r kw), column {@code q * kw + w}
   * @param output n x s
   */
  record ChainFactors(Matrix vertical, Matrix horizontal, Matrix output) implements Component {
    @Override
    public long weights() {
      return (long) vertical.values().length + horizontal.values().length + output.values().length;
    }
  }

  /**
   * Structured sparse over input channels: a gather of the kept channels, then a convolution on
   * them.
   *
   * @param channels kept input channels, ascending
   * @param kernel n x (|channels| kh kw)
   */
  @SuppressWarnings("ArrayRecordComponent")
  record InputChannels(int[] channels, Matrix kernel) implements Component {
    @Override
    public long weights() {
      return kernel.values().length;
    }
  }

  /**
   * Structured sparse over filters: the kept filters in full, zero elsewhere.
   *
   * @param filters kept filters, ascending
   * @param kernel |filters| x (c kh kw)
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Filters(int[] filters, Matrix kernel) implements Component {
    @Override
    public long weights() {
      return kernel.values().length;
    }
  }
}
