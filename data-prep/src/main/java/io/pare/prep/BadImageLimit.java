package io.pare.prep;

import io.pare.InputException;

/**
 * How many images may be bad before a data set is refused.
 *
 * @param fraction of all images, 0 to 1; used if {@code count} is negative
 * @param count of images, or -1
 */
record BadImageLimit(double fraction, long count) {

  /**
   * Reads a limit: a whole number is a count, a number with a point a fraction.
   *
   * @throws InputException if it is neither
   */
  static BadImageLimit parse(String text) {
    if (text.matches("\\d{1,15}")) {
      return new BadImageLimit(0, Long.parseLong(text));
    }
    if (text.matches("0?\\.\\d+|1\\.0+|0\\.")) {
      return new BadImageLimit(Double.parseDouble(text), -1);
    }
    throw InputException.usage(
        "--max-bad-images = "
            + text
            + ": give a whole number of images, or a fraction from 0.0 to 1.0 with a point");
  }

  /** The limit for a data set: of a fraction above 0 at least one image. */
  long of(long images) {
    if (count >= 0) {
      return count;
    }
    return fraction == 0 ? 0 : Math.max(1, (long) Math.floor(fraction * images));
  }
}
