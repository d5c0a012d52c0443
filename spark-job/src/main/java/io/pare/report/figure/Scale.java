package io.pare.report.figure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * An axis: where a value lies between its ends, as a share from 0 to 1. Values beyond the ends lie
 * on them; so do NaN and, on a logarithmic scale, what is not above 0, on the lower one. Immutable.
 */
public final class Scale {
  private static final int MOST_TICKS = 5;
  private static final double[] STEPS = {1, 2, 2.5, 5, 10};

  private final double low;
  private final double high;
  private final boolean logarithmic;
  private final List<Tick> ticks;

  /**
   * A labelled place on the axis.
   *
   * @param share of the axis below it, from 0 to 1
   * @param label its value as people read it
   */
  public record Tick(double share, String label) {}

  private Scale(double low, double high, boolean logarithmic) {
    this.low = low;
    this.high = high;
    this.logarithmic = logarithmic;
    this.ticks = new ArrayList<>();
  }

  /** A linear axis that holds the values, its ends on round numbers. */
  public static Scale linear(Collection<Double> values, DoubleFunction<String> label) {
    double least = values.stream().filter(Double::isFinite).mapToDouble(v -> v).min().orElse(0);
    double most = values.stream().filter(Double::isFinite).mapToDouble(v -> v).max().orElse(1);
    double span = most > least ? most - least : Math.max(1e-9, Math.abs(most));
    double step = step(span);
    double low = Math.floor(least / step + 1e-9) * step;
    double high = Math.max(low + step, Math.ceil(most / step - 1e-9) * step);
    Scale scale = new Scale(low, high, false);
    for (int k = 0; low + k * step <= high + step / 1000; k++) {
      double value = low + k * step;
      scale.ticks.add(new Tick(scale.at(value), label.apply(value)));
    }
    return scale;
  }

  /** A linear axis of rates, labelled in as many decimals as set its places apart. */
  public static Scale percent(Collection<Double> rates) {
    Scale whole = linear(rates, Numbers::wholePercent);
    double step = (whole.high - whole.low) / Math.max(1, whole.ticks.size() - 1);
    int decimals = (int) Math.max(0, Math.ceil(-Math.log10(100 * step) - 1e-9));
    // A step such as 2.5 needs a digit more than its size says.
    boolean broken =
        Math.abs(Math.rint(step * Math.pow(10, decimals + 2)) - step * Math.pow(10, decimals + 2))
            > 1e-6;
    int digits = broken ? decimals + 1 : decimals;
    return linear(rates, rate -> Numbers.percent(rate, digits));
  }

  /**
   * A logarithmic axis in whole decades that holds the positive ones of the values, the least of
   * them only where they are within so many decades of the largest.
   */
  public static Scale logarithmic(Collection<Double> values, int mostDecades) {
    List<Double> positive =
        values.stream().filter(value -> Double.isFinite(value) && value > 0).toList();
    double least = positive.stream().mapToDouble(v -> v).min().orElse(0.1);
    double most = positive.stream().mapToDouble(v -> v).max().orElse(1);
    int last = (int) Math.ceil(Math.log10(most) - 1e-9);
    int first = Math.max(last - mostDecades, (int) Math.floor(Math.log10(least) + 1e-9));
    first = Math.min(first, last - 1);
    Scale scale = new Scale(first, last, true);
    int step = (last - first + MOST_TICKS - 1) / MOST_TICKS;
    for (int decade = first; decade <= last; decade += step) {
      scale.ticks.add(new Tick(scale.share(decade), decadeLabel(decade)));
    }
    return scale;
  }

  private static String decadeLabel(int decade) {
    return decade >= -2 && decade <= 2
        ? String.format(Locale.ROOT, "%." + Math.max(0, -decade) + "f", Math.pow(10, decade))
        : Numbers.powerOfTen(decade);
  }

  private static double step(double span) {
    double magnitude = Math.pow(10, Math.floor(Math.log10(span / MOST_TICKS)));
    for (double step : STEPS) {
      if (step * magnitude * MOST_TICKS >= span - span / 1000) {
        return step * magnitude;
      }
    }
    return 10 * magnitude;
  }

  /** Where the value lies: 0 at the lower end, 1 at the upper. */
  public double at(double value) {
    return share(logarithmic ? Math.log10(value) : value);
  }

  private double share(double position) {
    return position > low ? Math.min(1, (position - low) / (high - low)) : 0;
  }

  /** The labelled places, ascending. */
  public List<Tick> ticks() {
    return List.copyOf(ticks);
  }
}
