package io.pare.run.progress;

import io.pare.stage.spark.RunCounters;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells who watches what this process is at: on a terminal in one live line, elsewhere in a line of
 * the log once nothing else was told for some seconds. One for each process.
 */
public final class ProgressLine {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressLine.class);
  private static final long LONGEST_SILENCE = Duration.ofSeconds(8).toNanos();
  private static final long SECOND = Duration.ofSeconds(1).toMillis();
  private static final int COLUMNS = 79;
  private static final double NANOS = 1e9;

  private static volatile Supplier<Optional<String>> jobs = Optional::empty;

  private final WatchedStream.Screen screen;
  private final Optional<WatchedStream> terminal;
  private final LongSupplier nanos;
  private List<String> phases = List.of();
  private long since;

  /**
   * A line that nobody has seen yet.
   *
   * @param terminal where it is shown; empty: it is logged
   * @param nanos the time
   */
  ProgressLine(WatchedStream.Screen screen, Optional<WatchedStream> terminal, LongSupplier nanos) {
    this.screen = screen;
    this.terminal = terminal;
    this.nanos = nanos;
  }

  /** Begins to tell, until the process ends. What is written from now on is watched. */
  public static void start() {
    WatchedStream.Screen screen = new WatchedStream.Screen(System::nanoTime);
    WatchedStream err = new WatchedStream(System.err, screen);
    boolean live = isTerminal(2);
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    if (live && isTerminal(1)) {
      WatchedStream out = new WatchedStream(System.out, screen);
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    }
    ProgressLine line =
        new ProgressLine(screen, live ? Optional.of(err) : Optional.empty(), System::nanoTime);
    TimerTask look =
        new TimerTask() {
          @Override
          public void run() {
            line.tick();
          }
        };
    new Timer("progress", true).scheduleAtFixedRate(look, SECOND, SECOND);
  }

  /**
   * From now on Spark jobs are told.
   *
   * @param present what runs; empty where nothing does
   */
  static void follow(Supplier<Optional<String>> present) {
    jobs = present;
  }

  /** Whether a stream of this process is a terminal, which Java cannot tell. */
  private static boolean isTerminal(int descriptor) {
    try {
      String file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Looks, and tells what is to be told. */
  void tick() {
    Optional<String> text = text();
    if (terminal.isPresent()) {
      String line = text.orElse("");
      terminal.get().show(line.substring(0, Math.min(line.length(), COLUMNS)));
    } else if (text.isPresent() && screen.silence() >= LONGEST_SILENCE) {
      LOG.info("{}", text.get());
    }
  }

  private Optional<String> text() {
    List<String> now = RunCounters.phasesNow();
    if (!now.equals(phases)) {
      phases = now;
      since = nanos.getAsLong();
    }
    Optional<String> job = jobs.get();
    if (job.isPresent() || now.isEmpty()) {
      return job;
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%s, %.0f s so far",
            String.join(", ", now),
            (nanos.getAsLong() - since) / NANOS));
  }
}
