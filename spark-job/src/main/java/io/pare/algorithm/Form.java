package io.pare.algorithm;

import java.util.Arrays;

/** The low-rank forms that a layer may be written in (algorithm.md section 1). */
public enum Form {
  /** kh x kw to r channels, then 1 x 1. */
  CHANNEL {
    @Override
    public boolean applies(LayerShape shape) {
      return Math.min(shape.outputs(), shape.columns()) > 1;
    }

    @Override
    public Structure structure(int rank) {
      return new Structure.Channel(rank);
    }

    @Override
    public LowRankForm prepare(Regression regression) {
      return new ChannelForm(regression);
    }
  },

  /** kh x 1 to r channels, then 1 x kw. */
  SPATIAL {
    @Override
    public boolean applies(LayerShape shape) {
      return SpatialForm.applies(shape);
    }

    @Override
    public Structure structure(int rank) {
      return new Structure.Spatial(rank);
    }

    @Override
    public LowRankForm prepare(Regression regression) {
      return new SpatialForm(regression);
    }
  };

  // Shares of the layer's own weights, dense enough that the error can be interpolated in between.
  private static final double[] SHARES = {
    0.95, 0.8, 0.66, 0.54, 0.44, 0.35, 0.28, 0.21, 0.16, 0.11, 0.07, 0.04
  };

  /** Whether a layer of that shape can be written in this form to any use. */
  public abstract boolean applies(LayerShape shape);

  /** The structure of one rank. */
  public abstract Structure structure(int rank);

  /** The fits of a problem in this form. */
  public abstract LowRankForm prepare(Regression regression);

  /** The largest rank that has fewer weights than the layer, 0 where there is none. */
  public int largestRank(LayerShape shape) {
    long perRank = structure(1).weights(shape);
    return Math.toIntExact((shape.weights() - 1) / perRank);
  }

  /** The ranks at which the path of a layer is solved, ascending. */
  public int[] ranks(LayerShape shape) {
    int largest = largestRank(shape);
    double perRank = structure(1).weights(shape);
    return Arrays.stream(SHARES)
        .mapToInt(share -> (int) Math.round(share * shape.weights() / perRank))
        .map(rank -> Math.max(1, Math.min(largest, rank)))
        .filter(rank -> rank <= largest)
        .sorted()
        .distinct()
        .toArray();
  }
}
