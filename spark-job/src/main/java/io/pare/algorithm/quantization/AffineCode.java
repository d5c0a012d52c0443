package io.pare.algorithm.quantization;

/**
 * Codes from 0 to 255 for real numbers (ONNX's QuantizeLinear): {@code x} is written as {@code
 * clamp(round(x / scale) + zeroPoint)} and read as {@code scale (code - zeroPoint)}. Zero is read
 * exactly.
 *
 * @param scale distance of two codes, above 0 and finite
 * @param zeroPoint the code of zero, from 0 to 255
 */
public record AffineCode(float scale, int zeroPoint) {
  static final int LEVELS = 255;

  public AffineCode {
    if (!(scale > 0) || !Float.isFinite(scale) || zeroPoint < 0 || zeroPoint > LEVELS) {
      throw new IllegalArgumentException(
          "a scale of " + scale + " with zero at " + zeroPoint + " is no code of eight bits");
    }
  }

  /** The code that spans a range and zero. */
  public static AffineCode of(ValueRange range) {
    ValueRange spanned = range.withZero();
    float scale = (float) (spanned.width() / LEVELS);
    if (!(scale > 0)) {
      return new AffineCode(1, 0);
    }
    int zero = (int) Math.rint(-(double) spanned.low() / scale);
    return new AffineCode(scale, Math.max(0, Math.min(LEVELS, zero)));
  }
}
