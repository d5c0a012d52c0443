package io.pare.algorithm.activation;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;

/**
 * The nonlinearity r that follows a layer. Plain values that travel to executors; {@link #channels}
 * gives what evaluates them.
 */
public sealed interface Activation extends Serializable
    permits Clamp, Activation.Leaky, Activation.Curve {
  /** The function of each of so many channels, the outputs of one group of the layer. */
  List<Response> channels(int count);

  /**
   * r of some outputs of a layer.
   *
   * @param values one row of {@code count} channels after the other
   * @param count of channels
   * @param from index of the first value of a row
   * @param to index behind the last value of a row
   * @param target receives them at the same indices
   */
  default void apply(float[] values, int count, int from, int to, float[] target) {
    Response[] responses = channels(count).toArray(new Response[0]);
    for (int row = from; row < to; row += count) {
      for (int j = 0; j < count; j++) {
        target[row + j] = (float) responses[j].apply(values[row + j]);
      }
    }
  }

  /** The name people know it by, such as {@code relu} or {@code silu}. */
  String label();

  /** Whether r(y) is never less than r(x) where y is above x, in any channel. */
  boolean neverFalls();

  /** The part of so many channels that begins at one; the same where channels do not differ. */
  default Activation part(int first, int count) {
    return this;
  }

  /** Whether r(y) = y for every y. */
  default boolean isIdentity() {
    return equals(Clamp.IDENTITY);
  }

  /**
   * LeakyReLU and PReLU: y where it is positive, else y times a slope.
   *
   * @param slopes one for all channels, or one a channel
   */
  record Leaky(List<LeakyResponse> slopes) implements Activation {
    public Leaky {
      slopes = List.copyOf(slopes);
      if (slopes.isEmpty()) {
        throw new IllegalArgumentException("no slope");
      }
    }

    @Override
    public List<Response> channels(int count) {
      if (slopes.size() == 1) {
        return Collections.nCopies(count, slopes.get(0));
      }
      if (slopes.size() != count) {
        throw new IllegalArgumentException(slopes.size() + " slopes for " + count + " channels");
      }
      return List.copyOf(slopes);
    }

    @Override
    public Activation part(int first, int count) {
      return slopes.size() == 1 ? this : new Leaky(slopes.subList(first, first + count));
    }

    @Override
    public boolean neverFalls() {
      return slopes.stream().allMatch(slope -> slope.negative() >= 0);
    }

    @Override
    public String label() {
      return slopes.size() == 1 ? "leaky-relu" : "prelu";
    }
  }

  /**
   * A function of one value with up to two parameters.
   *
   * @param function which
   * @param alpha its first parameter, 0 where it has none; finite
   * @param beta its second parameter, 0 where it has none; finite
   */
  record Curve(ActivationFunction function, double alpha, double beta) implements Activation {
    public Curve {
      if (!Double.isFinite(alpha) || !Double.isFinite(beta)) {
        throw new IllegalArgumentException("parameters must be finite: " + alpha + ", " + beta);
      }
    }

    /** A function without parameters. */
    public static Curve of(ActivationFunction function) {
      return new Curve(function, 0, 0);
    }

    @Override
    public List<Response> channels(int count) {
      return Collections.nCopies(count, CurveTable.of(this));
    }

    @Override
    public boolean neverFalls() {
      return switch (function) {
        case SIGMOID, TANH, SOFTPLUS, CELU -> true;
        case ELU, HARD_SIGMOID -> alpha >= 0;
        case SELU -> alpha >= 0 && beta >= 0;
        case SILU, QUICK_GELU, HARD_SWISH, MISH, GELU, GELU_TANH -> false;
      };
    }

    @Override
    public String label() {
      return function.label();
    }
  }
}
