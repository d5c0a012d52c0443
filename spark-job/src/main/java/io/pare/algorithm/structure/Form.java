package io.pare.algorithm.structure;

import io.pare.algorithm.fit.ChainForm;
import io.pare.algorithm.fit.ChannelForm;
import io.pare.algorithm.fit.LowRankForm;
import io.pare.algorithm.fit.SpatialForm;
import io.pare.algorithm.fit.TuckerForm;
import io.pare.algorithm.statistics.Regression;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The low-rank forms that a layer may be written in (algorithm.md section 1). */
public enum Form {
  /** kh x kw to r channels, then 1 x 1. */
  CHANNEL {
    @Override
    public boolean applies(LayerShape shape) {
      return Math.min(shape.outputs(), shape.columns()) > 1;
    }

    @Override
    public LowRank at(LayerShape shape, int step) {
      return new LowRank.Channel(step);
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
    public LowRank at(LayerShape shape, int step) {
      return new LowRank.Spatial(step);
    }

    @Override
    public LowRankForm prepare(Regression regression) {
      return new SpatialForm(regression);
    }
  },

  /** 1 x 1 to r1 channels, kh x kw to r2, then 1 x 1; both ranks in proportion to the layer. */
  TUCKER {
    @Override
    public boolean applies(LayerShape shape) {
      return TuckerForm.applies(shape);
    }

    @Override
    public LowRank at(LayerShape shape, int step) {
      return new LowRank.Tucker(inProportion(step, shape.outputs(), shape.inputChannels()), step);
    }

    @Override
    public LowRankForm prepare(Regression regression) {
      return new TuckerForm(regression);
    }
  },

  /** kh x 1 to r channels, 1 x kw to s, then 1 x 1; the step is s, r is larger. */
  CHAIN {
    @Override
    public boolean applies(LayerShape shape) {
      return ChainForm.applies(shape);
    }

    @Override
    public LowRank at(LayerShape shape, int step) {
      return new LowRank.Chain(
          (int) Math.min(Math.round(INNER_SHARE * step), SpatialForm.maximumRank(shape)),
          Math.min(step, shape.outputs()));
    }

    @Override
    public LowRankForm prepare(Regression regression) {
      return new ChainForm(regression);
    }
  };

  // A rank of the spatial factors reaches less far than one of the outputs: measured on VGG-16.
  private static final double INNER_SHARE = 1.6;

  // Fits of wide layers take long, and their paths are smooth: fewer steps tell as much.
  private static final double[] WIDE_SHARES = {0.75, 0.5, 0.33, 0.21, 0.14, 0.09, 0.05};

  // Paths so short are solved at every step.
  private static final int FEW = 16;

  // Shares of the layer's own weights, dense enough that the error can be interpolated in between.
  private static final double[] SHARES = {
    0.95, 0.8, 0.66, 0.54, 0.44, 0.35, 0.28, 0.21, 0.16, 0.11, 0.07, 0.04
  };

  /** The rank of {@code to} that {@code rank} is of {@code from}, between 1 and {@code to}. */
  private static int inProportion(int rank, int from, int to) {
    return (int) Math.min(to, Math.max(1, Math.round((double) rank * to / from)));
  }

  /** The form of a low-rank component. */
  public static Form of(LowRank lowRank) {
    if (lowRank instanceof LowRank.Channel) {
      return CHANNEL;
    }
    if (lowRank instanceof LowRank.Spatial) {
      return SPATIAL;
    }
    if (lowRank instanceof LowRank.Tucker) {
      return TUCKER;
    }
    if (lowRank instanceof LowRank.Chain) {
      return CHAIN;
    }
    throw new IllegalArgumentException("no form fits " + lowRank);
  }

  /** Whether a layer of that shape can be written in this form to any use. */
  public abstract boolean applies(LayerShape shape);

  /**
   * The ranks at one step of the form's path, on which cost rises with every step.
   *
   * @param step from 1 to {@link #largestStep}
   */
  public abstract LowRank at(LayerShape shape, int step);

  /** The fits of a problem in this form. */
  public abstract LowRankForm prepare(Regression regression);

  /** The largest step that has fewer weights than the layer, 0 where there is none. */
  public int largestStep(LayerShape shape) {
    int below = 0;
    int above = Math.max(shape.outputs(), shape.columns()) + 1;
    while (above - below > 1) {
      int middle = (below + above) >>> 1;
      if (weights(shape, middle) < shape.weights()) {
        below = middle;
      } else {
        above = middle;
      }
    }
    return below;
  }

  /** The steps at which the path of a layer is solved, ascending. */
  public int[] steps(LayerShape shape) {
    int largest = largestStep(shape);
    if (largest <= FEW) {
      return IntStream.rangeClosed(1, largest).toArray();
    }
    return Arrays.stream(shape.isWide() ? WIDE_SHARES : SHARES)
        .mapToInt(share -> stepOf(shape, share * shape.weights(), largest))
        .filter(step -> step >= 1)
        .sorted()
        .distinct()
        .toArray();
  }

  /** The largest step of at most so many weights, at least 1 where there is one. */
  private int stepOf(LayerShape shape, double weights, int largest) {
    int below = Math.min(1, largest);
    int above = largest + 1;
    while (above - below > 1) {
      int middle = (below + above) >>> 1;
      if (weights(shape, middle) <= weights) {
        below = middle;
      } else {
        above = middle;
      }
    }
    return below;
  }

  private long weights(LayerShape shape, int step) {
    return at(shape, step).cost(shape, Geometry.UNKNOWN).weights();
  }
}
