package io.pare.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A driver in a process of its own, that can be killed: spark-submit's own entry class on the class
 * path of the tests, with two task threads.
 */
public final class ForkedDriver {
  private static final long LONGEST_SECONDS = 300;

  private final Process process;
  private final Path log;

  private ForkedDriver(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a command.
   *
   * @param log file that its output goes to
   * @param keys of the configuration
   */
  public static ForkedDriver start(Path log, String command, Map<String, String> keys)
      throws IOException {
    return start(log, List.of(), command, keys);
  }

  /**
   * Starts a command.
   *
   * @param log file that its output goes to
   * @param options of its JVM
   * @param keys of the configuration
   */
  public static ForkedDriver start(
      Path log, List<String> options, String command, Map<String, String> keys) throws IOException {
    List<String> arguments = new ArrayList<>();
    keys.forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
    return start(log, options, command, arguments);
  }

  /**
   * Starts a command.
   *
   * @param log file that its output goes to
   * @param options of its JVM
   * @param arguments of the command
   */
  public static ForkedDriver start(
      Path log, List<String> options, String command, List<String> arguments) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens="))
        .forEach(line::add);
    line.addAll(List.of("-Xmx1500m", "-cp", System.getProperty("java.class.path")));
    line.add(
        "-Dlog4j2.configurationFile=file:" + SparkSubmit.repository() + "/conf/log4j2.properties");
    line.add("-Dpare.log=debug");
    line.addAll(options);
    line.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--master", "local[2]"));
    line.addAll(List.of("--conf", "spark.ui.enabled=false"));
    line.addAll(List.of("--conf", "spark.driver.host=127.0.0.1"));
    line.addAll(List.of("--conf", "spark.driver.bindAddress=127.0.0.1"));
    line.addAll(List.of("--class", "io.pare.cli.Main", "spark-internal", command));
    line.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("OPENBLAS_NUM_THREADS", "1");
    return new ForkedDriver(builder.start(), log);
  }

  /** Waits until the log has a text, or the process has ended. */
  public boolean waitFor(String text) throws IOException, InterruptedException {
    return waitFor(Pattern.compile(Pattern.quote(text)));
  }

  /** Waits until the log has a match, or the process has ended. */
  public boolean waitFor(Pattern text) throws IOException, InterruptedException {
    while (!text.matcher(log()).find()) {
      if (!process.isAlive()) {
        return text.matcher(log()).find();
      }
      Thread.sleep(5);
    }
    return true;
  }

  /** Kills it at once, as kill -9 does. */
  public int kill() throws InterruptedException {
    process.destroyForcibly();
    return end();
  }

  /** Tells it to end, as kill does. */
  public int terminate() throws InterruptedException {
    process.destroy();
    return end();
  }

  /**
   * Sends a signal to it and to the processes that it has started, as a terminal does when keys are
   * pressed.
   */
  public int interrupt() throws IOException, InterruptedException {
    List<String> kill = new ArrayList<>(List.of("kill", "-INT"));
    Stream.concat(children(), Stream.of(process.toHandle()))
        .map(each -> Long.toString(each.pid()))
        .forEach(kill::add);
    new ProcessBuilder(kill).redirectErrorStream(true).start().waitFor();
    return end();
  }

  /** The processes that it has started. */
  public Stream<ProcessHandle> children() {
    return process.descendants();
  }

  /** Whether it has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end and gives the exit code. */
  public int end() throws InterruptedException {
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after " + LONGEST_SECONDS + " s");
    }
    return process.exitValue();
  }

  /** What it has written so far. */
  public String log() throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }
}
