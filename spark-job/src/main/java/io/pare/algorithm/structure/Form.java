package io.pare.algorithm.structure;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The low-rank forms that a layer may be written in (algorithm.md section 1): one convolution after
 * the other, told by the positions of the layer's kernel that each of them reads. A form of two
 * factors, or of three with a {@link Taps#ONE} at the end, needs no more than a constant here.
 */
public enum Form {
  /** No low-rank component. */
  NONE {
    @Override
    Optional<String> unfit(LayerShape shape) {
      return Optional.of("it has no low-rank component");
    }

    @Override
    public LowRank at(LayerShape shape, int step) {
      return LowRank.NONE;
    }
  },

  /** kh x kw to r channels, then 1 x 1. */
  CHANNEL(Taps.ALL, Taps.ONE) {
    @Override
    Optional<String> unfit(LayerShape shape) {
      return Math.min(shape.outputs(), shape.columns()) > 1
          ? Optional.empty()
          : Optional.of("it has a single input or output");
    }

    @Override
    public LowRank at(LayerShape shape, int step) {
      return new LowRank(this, step);
    }
  },

  /** kh x 1 to r channels, then 1 x kw. */
  SPATIAL(Taps.ROWS, Taps.COLUMNS) {
    @Override
    Optional<String> unfit(LayerShape shape) {
      return unlessTwoDimensional(shape);
    }

    @Override
    public LowRank at(LayerShape shape, int step) {
      return new LowRank(this, step);
    }
  },

  /** 1 x 1 to r1 channels, kh x kw to r2, then 1 x 1; both ranks in proportion to the layer. */
  TUCKER(Taps.ONE, Taps.ALL, Taps.ONE) {
    @Override
    Optional<String> unfit(LayerShape shape) {
      if (Taps.ALL.count(shape) == 1) {
        return Optional.of("its kernel has a single position");
      }
      return shape.inputChannels() > 1
          ? Optional.empty()
          : Optional.of("it reads a single channel");
    }

    @Override
    public LowRank at(LayerShape shape, int step) {
      return new LowRank(this, inProportion(step, shape.outputs(), shape.inputChannels()), step);
    }
  },

  /** kh x 1 to r channels, 1 x kw to s, then 1 x 1; the step is s, r is larger. */
  CHAIN(Taps.ROWS, Taps.COLUMNS, Taps.ONE) {
    @Override
    Optional<String> unfit(LayerShape shape) {
      return unlessTwoDimensional(shape);
    }

    @Override
    public LowRank at(LayerShape shape, int step) {
      int most =
          Math.min(
              shape.inputChannels() * shape.kernelHeight(), shape.outputs() * shape.kernelWidth());
      return new LowRank(
          this,
          (int) Math.min(Math.round(INNER_SHARE * step), most),
          Math.min(step, shape.outputs()));
    }
  };

  // A rank of the spatial factors reaches less far than one of the outputs: measured on VGG-16.
  private static final double INNER_SHARE = 1.6;

  // Fits of wide layers take long, and their paths are smooth: fewer steps tell as much.
  private static final double[] COARSE_SHARES = {0.75, 0.5, 0.33, 0.21, 0.14, 0.09, 0.05};

  // Paths so short are solved at every step.
  private static final int FEW = 16;

  // Shares of the layer's own weights, dense enough that the error can be interpolated in between.
  private static final double[] SHARES = {
    0.95, 0.8, 0.66, 0.54, 0.44, 0.35, 0.28, 0.21, 0.16, 0.11, 0.07, 0.04
  };

  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Taps> taps;

  Form(Taps... taps) {
    this.taps = List.of(taps);
  }

  /** What each factor reads of the layer's kernel, first to last; none for {@link #NONE}. */
  public List<Taps> taps() {
    return taps;
  }

  /** Rows and columns of the kernel have to be told apart to any use. */
  private static Optional<String> unlessTwoDimensional(LayerShape shape) {
    return shape.kernelHeight() > 1 && shape.kernelWidth() > 1
        ? Optional.empty()
        : Optional.of("its kernel has a single row or column");
  }

  /** The rank of {@code to} that {@code rank} is of {@code from}, between 1 and {@code to}. */
  private static int inProportion(int rank, int from, int to) {
    return (int) Math.min(to, Math.max(1, Math.round((double) rank * to / from)));
  }

  /** What there is about a layer of that shape that the form makes no use of. */
  abstract Optional<String> unfit(LayerShape shape);

  /** Why a layer of that shape cannot be written in this form to any use; empty where it can. */
  public Optional<String> obstacle(LayerShape shape) {
    Optional<String> unfit = unfit(shape);
    return unfit.isPresent() || largestStep(shape) > 0
        ? unfit
        : Optional.of("every rank has as many weights as the layer");
  }

  /** Whether a layer of that shape can be written in this form to any use. */
  public boolean applies(LayerShape shape) {
    return obstacle(shape).isEmpty();
  }

  /**
   * The ranks at one step of the form's path, on which cost rises with every step.
   *
   * @param step from 1 to {@link #largestStep}
   */
  public abstract LowRank at(LayerShape shape, int step);

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
    return Arrays.stream(shape.hasCoarsePath() ? COARSE_SHARES : SHARES)
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
