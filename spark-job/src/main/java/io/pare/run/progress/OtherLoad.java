package io.pare.run.progress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * How busy other processes kept this machine while something was measured on it, as Linux counts
 * the time of its processors.
 *
 * @param busy time that the processors had work, in the kernel's ticks
 * @param all time that passed on them, in the same ticks
 * @param processors of the machine
 * @param own processor time of this process, in nanoseconds
 * @param nanos on the wall clock
 */
public record OtherLoad(long busy, long all, long processors, long own, long nanos) {
  private static final Path COUNTERS = Path.of("/proc/stat");

  /** Place of the idle time and the time of waiting for disks among the counters. */
  private static final int IDLE = 3;

  private static final int WAITING = 4;

  /** Guests are counted a second time behind these. */
  private static final int COUNTED = 8;

  /** Something that was measured, and how much of the machine others took meanwhile. */
  public record Measured<T>(T value, OptionalDouble others) {}

  /** Runs something and tells what others took meanwhile, from 0 to 1; empty where nobody knows. */
  public static <T> Measured<T> during(Supplier<T> work) {
    if (!Files.isReadable(COUNTERS)) {
      return new Measured<>(work.get(), OptionalDouble.empty());
    }
    OtherLoad before = now();
    T value = work.get();
    return new Measured<>(value, OptionalDouble.of(now().since(before)));
  }

  private static OtherLoad now() {
    try {
      return of(
          Files.readAllLines(COUNTERS),
          ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos(),
          System.nanoTime());
    } catch (IOException e) {
      throw new UncheckedIOException(COUNTERS + " cannot be read", e);
    }
  }

  /**
   * A reading.
   *
   * @param counters the lines of {@code /proc/stat}
   */
  static OtherLoad of(List<String> counters, long own, long nanos) {
    long[] ticks =
        Arrays.stream(counters.get(0).strip().split("\\s+"))
            .skip(1)
            .limit(COUNTED)
            .mapToLong(Long::parseLong)
            .toArray();
    long all = LongStream.of(ticks).sum();
    long processors = counters.stream().filter(line -> line.matches("cpu\\d+ .*")).count();
    return new OtherLoad(
        all - ticks[IDLE] - ticks[WAITING], all, Math.max(1, processors), own, nanos);
  }

  /** The share of the machine that others took since an earlier reading, from 0 to 1. */
  double since(OtherLoad earlier) {
    double mine = (double) (own - earlier.own) / Math.max(1, nanos - earlier.nanos) / processors;
    double used = (double) (busy - earlier.busy) / Math.max(1, all - earlier.all);
    return Math.min(1, Math.max(0, used - mine));
  }
}
