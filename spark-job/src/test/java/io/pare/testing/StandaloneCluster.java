package io.pare.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A master and a worker of a Spark installation on the loopback address, in processes of their own,
 * as an administrator starts them.
 */
public final class StandaloneCluster implements AutoCloseable {
  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern WORKER = Pattern.compile("Successfully registered with master (.+)");
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(90);

  private final Path sparkHome;
  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final String url;

  /** Starts both and waits until they know each other; logs and work go into the folder. */
  public StandaloneCluster(Path sparkHome, Path folder) throws IOException, InterruptedException {
    this.sparkHome = sparkHome;
    this.folder = folder;
    try {
      url = start("master", MASTER, List.of());
      String work = folder.resolve("work").toString();
      start("worker", WORKER, List.of("--cores", "2", "--memory", "2g", "--work-dir", work, url));
    } catch (IOException | InterruptedException | AssertionError e) {
      close();
      throw e;
    }
  }

  /** What {@code --master} takes. */
  public String url() {
    return url;
  }

  private String start(String name, Pattern ready, List<String> options)
      throws IOException, InterruptedException {
    String type = Character.toUpperCase(name.charAt(0)) + name.substring(1);
    List<String> command = new ArrayList<>();
    command.add(sparkHome.resolve("bin/spark-class").toString());
    command.add("org.apache.spark.deploy." + name + "." + type);
    command.addAll(List.of("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"));
    command.addAll(options);
    Path log = folder.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("SPARK_DAEMON_MEMORY", "256m");
    Process process = builder.start();
    processes.add(process);
    long start = System.nanoTime();
    while (process.isAlive() && System.nanoTime() - start < LONGEST_NANOS) {
      Matcher line = ready.matcher(Files.readString(log));
      if (line.find()) {
        return line.group(1);
      }
      Thread.sleep(100);
    }
    throw new AssertionError("the " + name + " does not start: " + Files.readString(log));
  }

  /** Ends both. */
  @Override
  public void close() {
    processes.forEach(Process::destroy);
    for (Process process : processes) {
      process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }
  }
}
