package io.pare.algorithm.activation;

import java.util.Locale;

/** Scalar activations with curved parts, as the operators of ONNX define them. */
public enum ActivationFunction {
  /** y, or alpha (exp(y) - 1) below zero. */
  ELU,
  /** beta times an ELU of alpha. */
  SELU,
  /** y, or alpha (exp(y / alpha) - 1) below zero. */
  CELU,
  /** 1 / (1 + exp(-y)). */
  SIGMOID,
  /** alpha y + beta, clamped to [0, 1]. */
  HARD_SIGMOID,
  /** The hyperbolic tangent. */
  TANH,
  /** y sigmoid(y). */
  SILU,
  /** y sigmoid(1.702 y), which some networks have for GELU. */
  QUICK_GELU,
  /** y (y + 3) / 6, the second factor clamped to [0, 1]. */
  HARD_SWISH,
  /** y tanh(softplus(y)). */
  MISH,
  /** y times the distribution function of the normal distribution. */
  GELU,
  /** The approximation of GELU by a hyperbolic tangent. */
  GELU_TANH,
  /** log(1 + exp(y)). */
  SOFTPLUS;

  /** The alpha of SELU where a node gives none. */
  public static final float SELU_ALPHA = 1.6732632f;

  /** The gamma of SELU where a node gives none: what scales it. */
  public static final float SELU_GAMMA = 1.050701f;

  /** Beyond this argument the error function is 1 in double precision. */
  private static final double ERF_ONE = 6;

  /** The value at y, in StrictMath: slow, and the same bits everywhere. */
  public double value(double y, double alpha, double beta) {
    return switch (this) {
      case ELU -> elu(y, alpha);
      case SELU -> beta * elu(y, alpha);
      case CELU -> y >= 0 ? y : alpha * StrictMath.expm1(y / alpha);
      case SIGMOID -> sigmoid(y);
      case HARD_SIGMOID -> clampToOne(alpha * y + beta);
      case TANH -> StrictMath.tanh(y);
      case SILU -> y * sigmoid(y);
      case QUICK_GELU -> y * sigmoid(1.702 * y);
      case HARD_SWISH -> y * clampToOne((y + 3) / 6);
      case MISH -> y * StrictMath.tanh(softplus(y));
      case GELU -> y * (1 + erf(y / StrictMath.sqrt(2))) / 2;
      case GELU_TANH ->
          y * (1 + StrictMath.tanh(StrictMath.sqrt(2 / Math.PI) * (y + 0.044715 * y * y * y))) / 2;
      case SOFTPLUS -> softplus(y);
    };
  }

  /** The name in reports, such as {@code hard-swish}. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static double elu(double y, double alpha) {
    return y >= 0 ? y : alpha * StrictMath.expm1(y);
  }

  private static double sigmoid(double y) {
    return 1 / (1 + StrictMath.exp(-y));
  }

  private static double clampToOne(double y) {
    return Math.max(0, Math.min(1, y));
  }

  private static double softplus(double y) {
    return Math.max(y, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(y)));
  }

  /** The error function by its series with terms of one sign. */
  public static double erf(double x) {
    if (Math.abs(x) > ERF_ONE) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / StrictMath.sqrt(Math.PI) * StrictMath.exp(-x * x) * sum;
  }
}
