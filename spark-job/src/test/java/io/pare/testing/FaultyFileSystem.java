package io.pare.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.TaskContext;

/**
 * The local disk under the scheme {@code faulty}, which strikes when the first task of a Spark job
 * opens a file: so an executor fails in the middle of the job's own code, which knows nothing of
 * it. What it does and in how many attempts stands in the Hadoop configuration, which travels with
 * the job.
 */
public final class FaultyFileSystem extends RawLocalFileSystem {
  private static final URI ROOT = URI.create("faulty:///");
  private static final String FAULT = "faulty.fault";
  private static final String ATTEMPTS = "faulty.attempts";
  private static final String MARK = "faulty.mark";
  private static final int KILLED = 137;
  private static final long LONG_SECONDS = 120;

  /** What happens to a task. */
  public enum Fault {
    /** Nothing. */
    NONE,
    /** Its executor is gone at once. */
    HALT,
    /** It fails. */
    THROW,
    /** It hangs until it is killed. */
    HANG
  }

  /** Prepares a client's configuration: the fault strikes in each task's first attempts. */
  public static void strike(Configuration configuration, Fault fault, int attempts) {
    configuration.set("fs.faulty.impl", FaultyFileSystem.class.getName());
    configuration.set("fs.faulty.impl.disable.cache", "true");
    configuration.set(FAULT, fault.name().toLowerCase(Locale.ROOT));
    configuration.setInt(ATTEMPTS, attempts);
  }

  /**
   * Prepares a client's configuration: the fault strikes once, in the first task that gets here.
   *
   * @param mark file that is made when it does
   */
  public static void strikeOnce(Configuration configuration, Fault fault, java.nio.file.Path mark) {
    strike(configuration, fault, Integer.MAX_VALUE);
    configuration.set(MARK, mark.toString());
  }

  /** A local file under this scheme. */
  public static String path(java.nio.file.Path file) {
    return ROOT.resolve(file.toAbsolutePath().normalize().toString()).toString();
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    TaskContext task = TaskContext.get();
    if (task != null
        && task.partitionId() == 0
        && task.attemptNumber() < getConf().getInt(ATTEMPTS, 0)
        && isDue(getConf().get(MARK, ""))) {
      strike(Fault.valueOf(getConf().get(FAULT).toUpperCase(Locale.ROOT)), task.attemptNumber());
    }
    return super.open(path, bufferSize);
  }

  private static boolean isDue(String mark) throws IOException {
    try {
      if (!mark.isEmpty()) {
        Files.createFile(java.nio.file.Path.of(mark));
      }
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static void strike(Fault fault, int attempt) throws IOException {
    switch (fault) {
      case NONE -> {}
      case HALT -> Runtime.getRuntime().halt(KILLED);
      case THROW -> throw new IOException("injected in attempt " + attempt);
      case HANG -> hang();
    }
  }

  private static void hang() throws IOException {
    try {
      TimeUnit.SECONDS.sleep(LONG_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("killed while it hung", e);
    }
  }
}
