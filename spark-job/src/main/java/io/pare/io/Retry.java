package io.pare.io;

import io.pare.Causes;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.ipc.RemoteException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats what failed because a file system was away for a moment. Hadoop's client repeats some
 * calls itself; a NameNode that restarts or is in safe mode still reaches the caller as an
 * exception.
 *
 * <p>The action must be one that can be repeated: the first attempt may have had its effect with
 * only the answer lost. Safe for use by several threads.
 *
 * @param first wait before the second attempt; each further wait is twice as long, up to a limit
 * @param longest time after which no further attempt is begun
 */
public record Retry(Duration first, Duration longest) {
  private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

  /** Outlasts the restart of a NameNode, and ends before a scheduler loses its patience. */
  public static final Retry STANDARD = new Retry(Duration.ofMillis(100), Duration.ofMinutes(2));

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  private static final Set<String> AWAY =
      Set.of("SafeModeException", "StandbyException", "RetriableException");

  /** A retry that waits for a positive time and ends. */
  public Retry {
    if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "a retry waits for a positive time, at most as long as in all: "
              + first
              + ", "
              + longest);
    }
  }

  /**
   * Runs an action until it succeeds, fails for good or the time is over.
   *
   * @param what is being done, for the log
   * @throws IOException the last failure
   */
  public <T> T call(String what, HadoopFiles.Action<T> action) throws IOException {
    long end = System.nanoTime() + longest.toNanos();
    long wait = first.toMillis();
    while (true) {
      try {
        return run(action);
      } catch (IOException e) {
        if (!isTransient(e) || System.nanoTime() + Duration.ofMillis(wait).toNanos() > end) {
          throw e;
        }
        LOG.warn("{}: the file system is away, trying again in {} ms: {}", what, wait, brief(e));
      }
      sleep(wait);
      wait = Math.min(2 * wait, LONGEST_WAIT.toMillis());
    }
  }

  /** Hadoop's local file system tells of a full disk by an error, as if the JVM were broken. */
  private static <T> T run(HadoopFiles.Action<T> action) throws IOException {
    try {
      return action.run();
    } catch (FSError e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Whether the same call may succeed a little later. */
  static boolean isTransient(IOException failure) {
    return Causes.of(failure).stream()
        .anyMatch(
            cause ->
                cause instanceof EOFException
                    || cause instanceof SocketException
                    || cause instanceof SocketTimeoutException
                    || AWAY.contains(simpleName(cause))
                    || isWithoutDataNodes(cause));
  }

  /** A NameNode that has just restarted takes writes before it knows its DataNodes. */
  private static boolean isWithoutDataNodes(Throwable failure) {
    return failure instanceof RemoteException
        && String.valueOf(failure.getMessage()).contains("could only be written to 0 of");
  }

  private static String simpleName(Throwable failure) {
    String name =
        failure instanceof RemoteException remote
            ? remote.getClassName()
            : failure.getClass().getName();
    return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
  }

  private static String brief(IOException failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  private static void sleep(long millis) throws InterruptedIOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the file system");
    }
  }
}
