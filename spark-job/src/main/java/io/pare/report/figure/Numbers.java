package io.pare.report.figure;

import java.util.Locale;

/** Numbers as people read them. Pure functions. */
public final class Numbers {
  private static final String NARROW_SPACE = "\u202F";
  private static final String[] LARGE = {"", "k", "M", "G", "T"};
  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  private Numbers() {}

  /** {@code 1,231,552}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 1.23 M}, {@code 512}. */
  public static String compact(long number) {
    return compact((double) number);
  }

  /** {@code 1.23 M}, {@code 512}. */
  public static String compact(double number) {
    int power = 0;
    double rest = number;
    while (Math.abs(rest) >= 999.5 && power < LARGE.length - 1) {
      rest /= 1000;
      power++;
    }
    return digits(rest, power == 0 ? 0 : 3) + (power == 0 ? "" : NARROW_SPACE + LARGE[power]);
  }

  /** {@code 250 k}, {@code 1.25 M}: as {@link #compact}, without zeros at the end, for axes. */
  public static String round(double number) {
    return compact(number).replaceFirst("\\.0+(?!\\d)", "").replaceFirst("(\\.\\d*[1-9])0+", "$1");
  }

  /** {@code 4.96 MB}. */
  public static String bytes(long number) {
    String text = compact(number);
    return number < 1000 ? text + NARROW_SPACE + "B" : text + "B";
  }

  /** {@code 63.7 %} of a rate from 0 to 1. */
  public static String percent(double rate) {
    return finite(rate, String.format(Locale.ROOT, "%.1f", 100 * rate) + NARROW_SPACE + "%");
  }

  /** {@code 64 %} of a rate, for axes. */
  public static String wholePercent(double rate) {
    return percent(rate, 0);
  }

  /** {@code 63.72 %} of a rate, with so many decimals. */
  public static String percent(double rate, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", 100 * rate) + NARROW_SPACE + "%";
  }

  /** {@code 1.50×}. */
  public static String factor(double ratio) {
    return finite(ratio, String.format(Locale.ROOT, "%.2f×", ratio));
  }

  /** {@code +1.2}, with a proper minus sign. */
  public static String signed(double number) {
    String text = String.format(Locale.ROOT, "%+.1f", number);
    return finite(number, text.replace('-', '−'));
  }

  /** Three significant digits: {@code 0.0123}, {@code 1.2·10⁻⁶}. */
  public static String three(double number) {
    if (number == 0 || !Double.isFinite(number)) {
      return finite(number, "0");
    }
    int exponent = (int) Math.floor(Math.log10(Math.abs(number)));
    if (exponent < -4 || exponent > 5) {
      String factor = String.format(Locale.ROOT, "%.1f", number / Math.pow(10, exponent));
      return factor.replace('-', '−') + "·" + powerOfTen(exponent);
    }
    return digits(number, 3).replace('-', '−');
  }

  /** {@code 10⁻³}. */
  public static String powerOfTen(int exponent) {
    StringBuilder text = new StringBuilder("10").append(exponent < 0 ? "⁻" : "");
    for (char digit : Integer.toString(Math.abs(exponent)).toCharArray()) {
      text.append(SUPERSCRIPTS.charAt(digit - '0'));
    }
    return text.toString();
  }

  /** {@code 18.4 ms}. */
  public static String millis(double milliseconds) {
    return three(milliseconds) + NARROW_SPACE + "ms";
  }

  /** {@code 3 min 21 s}, {@code 1.2 s}. */
  public static String seconds(double seconds) {
    if (seconds < 60) {
      return finite(seconds, String.format(Locale.ROOT, "%.1f", seconds) + NARROW_SPACE + "s");
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? whole / 60 + " min " + whole % 60 + NARROW_SPACE + "s"
        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }

  private static String digits(double number, int significant) {
    int exponent = number == 0 ? 0 : (int) Math.floor(Math.log10(Math.abs(number)));
    int decimals = Math.max(0, significant - 1 - exponent);
    return String.format(Locale.ROOT, "%." + decimals + "f", number);
  }

  private static String finite(double number, String text) {
    return Double.isFinite(number) ? text : "–";
  }
}
