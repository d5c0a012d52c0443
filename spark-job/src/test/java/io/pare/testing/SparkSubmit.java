package io.pare.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * Runs the project's scripts in processes of their own, as a user does: {@code pare-submit} starts
 * the real spark-submit on the packed jar.
 */
public final class SparkSubmit {
  private static final long LONGEST_MINUTES = 10;

  /**
   * How a process ended.
   *
   * @param out its standard output
   * @param err its standard error
   */
  public record Outcome(int exitCode, String out, String err) {}

  private SparkSubmit() {}

  /** The root of the project; tests run in the folder of their module. */
  public static Path repository() {
    return Path.of("..").toAbsolutePath().normalize();
  }

  /**
   * The home of the Spark that the scripts find; the test is skipped where they would have to
   * install one.
   */
  public static Path requireSpark() throws IOException, InterruptedException {
    Map<String, String> environment = System.getenv();
    boolean found =
        environment.containsKey("SPARK_HOME")
            || Files.isDirectory(
                Path.of(
                    environment.getOrDefault(
                        "PARE_VENV", repository().resolve(".venv").toString())))
            || Stream.of(environment.getOrDefault("PATH", "").split(":", -1))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, "spark-submit")));
    if (!found) {
      throw new TestAbortedException("needs SPARK_HOME, or spark-submit on the PATH");
    }
    return Path.of(run("find-spark.sh", List.of(), Map.of()).out().strip());
  }

  /**
   * Runs a script of {@code submit-scripts} and waits for its end.
   *
   * @param environment added to that of this process
   */
  public static Outcome run(String script, List<String> arguments, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("submit", ".out");
    Path err = Files.createTempFile("submit", ".err");
    try {
      Path path = repository().resolve("submit-scripts").resolve(script);
      ProcessBuilder builder =
          new ProcessBuilder(Stream.concat(Stream.of(path.toString()), arguments.stream()).toList())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      // What the caller has set for itself must not decide what a test sees.
      builder.environment().keySet().removeAll(List.of("OMP_NUM_THREADS", "PARE_CONF"));
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(script + " still ran after " + LONGEST_MINUTES + " minutes");
      }
      return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
