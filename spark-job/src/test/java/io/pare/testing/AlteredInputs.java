package io.pare.testing;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The table of altered inputs with what became of them: {@code target/altered-input.md}. How many
 * there are of each kind says the property {@code pare.altered}: {@code full} for all.
 */
public final class AlteredInputs {
  private static final ResultTable TABLE =
      new ResultTable(
          "altered-input", List.of("input", "number", "what became of them", "longest, seconds"));

  private AlteredInputs() {}

  /** How many to try: all, or in the usual tests a part. */
  public static int count(int all, int usual) {
    return "full".equals(System.getProperty("pare.altered")) ? all : usual;
  }

  /** What became of the inputs of a kind. Not thread-safe. */
  public static final class Outcomes {
    private final Map<String, Integer> counts = new TreeMap<>();
    private int number;
    private double longest;

    /** Counts an outcome. */
    public void add(String outcome, double seconds) {
      counts.merge(outcome, 1, Integer::sum);
      number++;
      longest = Math.max(longest, seconds);
    }

    /** Writes the row. */
    public void write(String input) {
      TABLE.put(
          input,
          input,
          Integer.toString(number),
          counts.toString(),
          String.format(Locale.ROOT, "%.1f", longest));
    }

    /** The longest time of one. */
    public double longest() {
      return longest;
    }
  }
}
