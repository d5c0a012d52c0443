package io.pare.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Figures of the benchmarks: {@code target/bench.json} and {@code target/bench.md}. What is
 * compared is measured in turns, in one JVM, and only the ratio of the medians counts.
 */
public final class BenchFigures {
  private static final Path JSON = Path.of("target", "bench.json");
  private static final Path TABLE = Path.of("target", "bench.md");
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private BenchFigures() {}

  /** Something whose time is taken. */
  @FunctionalInterface
  public interface Timed {
    /** Does it once. */
    void run() throws Exception;
  }

  /**
   * The median seconds of several things that take turns, after a first turn that does not count.
   */
  public static double[] medianSeconds(int rounds, Timed... timed) throws Exception {
    double[][] seconds = new double[timed.length][rounds];
    for (int round = -1; round < rounds; round++) {
      for (int k = 0; k < timed.length; k++) {
        long start = System.nanoTime();
        timed[k].run();
        if (round >= 0) {
          seconds[k][round] = (System.nanoTime() - start) / 1e9;
        }
      }
    }
    return Arrays.stream(seconds)
        .mapToDouble(times -> Arrays.stream(times).sorted().toArray()[times.length / 2])
        .toArray();
  }

  /**
   * Adds or replaces a figure.
   *
   * @param name of the benchmark
   * @param figure which of its figures
   * @param ratio what it comes to
   * @param parts seconds, bytes or counts that it follows from
   */
  @SuppressWarnings("unchecked")
  public static synchronized void add(
      String name, String figure, double ratio, Map<String, Double> parts) throws IOException {
    Map<String, Map<String, Object>> all =
        Files.exists(JSON)
            ? MAPPER.readValue(JSON.toFile(), LinkedHashMap.class)
            : new LinkedHashMap<>();
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("ratio", ratio);
    entry.put("parts", parts);
    all.put(name + ": " + figure, entry);
    Files.createDirectories(JSON.getParent());
    MAPPER.writeValue(JSON.toFile(), all);
    List<String> lines =
        new ArrayList<>(List.of("| figure | ratio | from |", "| --- | ---: | --- |"));
    Set<String> names = new TreeSet<>(all.keySet());
    for (String each : names) {
      lines.add(
          "| %s | %.2f | %s |"
              .formatted(
                  each,
                  ((Number) all.get(each).get("ratio")).doubleValue(),
                  all.get(each).get("parts")));
    }
    Files.write(TABLE, lines);
    System.out.printf("%s, %s: %.3f from %s%n", name, figure, ratio, parts);
  }
}
