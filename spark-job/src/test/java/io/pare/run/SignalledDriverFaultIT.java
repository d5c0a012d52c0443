package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.testing.FaultMatrix;
import io.pare.testing.ForkedDriver;
import io.pare.testing.SignalTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signals at random moments of whole runs, native calls and the opening of sessions among them: a
 * process whose libraries are unloaded under its threads crashes in one case of a few, so that only
 * many runs tell.
 */
class SignalledDriverFaultIT {
  private static final int RUNS = Integer.getInteger("pare.signals", 24);
  private static final int FEWEST = RUNS - 4;
  private static final int SIGINT = 2;
  private static final String FIRST_LINE = "read ...";

  /** Behind which many sessions are opened at once. */
  private static final String OPENING = "gather ...";

  private static final Pattern LAST_LINE =
      Pattern.compile(
          "pare: error: stopped by SIG(TERM|INT), (results of \\d+ of \\d+ layers are kept for the"
              + " next run|no layer had been begun)");
  private static final Pattern CRASH =
      Pattern.compile("SIGSEGV|SIGABRT|SIGBUS|core dumped|fatal error has been detected");

  @TempDir private Path folder;

  private Map<String, String> keys;

  @Test
  void signalsAtRandomMomentsEndARunInOneLineWithItsStateAndNeverInACrash() throws Exception {
    keys = new GoalJobs(folder).keys("heavy", GoalJobs.heavy(), "params=1.5");
    keys.put("forms", "low-rank-channel,kept-inputs");
    keys.put("calibration-images", "200");
    Random random = new Random(20);
    long whole = undisturbed();
    int ended = 0;
    for (int run = 0; run < RUNS; run++) {
      String signal = run % 2 == 0 || !hearsInterrupts() ? "TERM" : "INT";
      boolean opening = run % 3 == 0;
      long pause = opening ? random.nextInt(400) : (long) (0.95 * whole * random.nextDouble());
      ended += isEnded(run, signal, opening ? OPENING : FIRST_LINE, pause) ? 1 : 0;
    }

    assertThat(ended)
        .as("runs that had not ended before their signal")
        .isGreaterThanOrEqualTo(FEWEST);
    FaultMatrix.held(
        "SIGTERM, and SIGINT as from a terminal, at " + RUNS + " random moments",
        "kill of forked SparkSubmits, and of the processes they started; seeded",
        ended + " were at work, a third of them just opening sessions: signals.md",
        "no crash, one line, state stopped in result-json, exit codes 143 and 130, no process left");
  }

  /** Not so below a script that started this process in the background: all then ignore SIGINT. */
  private static boolean hearsInterrupts() throws IOException {
    long ignored =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
            .findFirst()
            .orElse(0);
    return (ignored & 1L << (SIGINT - 1)) == 0;
  }

  /** Milliseconds from the first line to the end. */
  private long undisturbed() throws IOException, InterruptedException {
    ForkedDriver driver = start("undisturbed");
    assertThat(driver.waitFor(FIRST_LINE)).as(driver.log()).isTrue();
    long begin = System.nanoTime();
    assertThat(driver.end()).as(driver.log()).isZero();
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
  }

  /** Whether a signal ended the run; all that has to hold then has held. */
  private boolean isEnded(int run, String signal, String marker, long pause) throws Exception {
    ForkedDriver driver = start("run" + run);
    assertThat(driver.waitFor(FIRST_LINE)).as(driver.log()).isTrue();
    long begin = System.nanoTime();
    assertThat(driver.waitFor(marker)).as(driver.log()).isTrue();
    Thread.sleep(pause);
    if (!driver.isAlive()) {
      return false;
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    String work = last(driver.log());
    List<ProcessHandle> children = driver.children().toList();

    int exitCode = signal.equals("TERM") ? driver.terminate() : driver.interrupt();

    if (exitCode == 0) {
      return false; // it was at its end already
    }
    String log = driver.log();
    assertThat(log).as("run %d", run).doesNotContainPattern(CRASH);
    assertThat(exitCode).as(log).isEqualTo(signal.equals("TERM") ? 143 : 130);
    assertThat(last(log)).as(log).matches(LAST_LINE).contains("SIG" + signal);
    assertThat(log.lines().filter(line -> line.startsWith("pare: error: "))).as(log).hasSize(1);
    JsonNode told = new ObjectMapper().readTree(folder.resolve("run" + run + ".json").toFile());
    assertThat(told.at("/status").asText()).isEqualTo("stopped");
    assertThat(told.at("/exitCode").asInt()).isEqualTo(exitCode);
    assertThat("pare: error: " + told.at("/error").asText()).isEqualTo(last(log));
    for (ProcessHandle child : children) {
      child.onExit().get(1, TimeUnit.MINUTES);
    }
    try (Stream<Path> crashes = Files.list(folder)) {
      assertThat(crashes.map(Path::toString)).noneMatch(name -> name.contains("hs_err"));
    }
    SignalTable.ended(run, signal, millis, work, exitCode, last(log));
    return true;
  }

  private ForkedDriver start(String name) throws IOException {
    keys.put("output", folder.resolve("out-" + name).toString());
    keys.put("result-json", folder.resolve(name + ".json").toString());
    return ForkedDriver.start(
        folder.resolve(name + ".log"),
        List.of("-XX:ErrorFile=" + folder + "/hs_err_" + name),
        "compress",
        keys);
  }

  private static String last(String log) {
    return log.lines().reduce("", (earlier, later) -> later);
  }
}
