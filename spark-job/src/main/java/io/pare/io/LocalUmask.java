package io.pare.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The umask of this process, as the system gives it to every file that other programs make. Hadoop
 * sets the permissions of local files itself, from a setting that is meant for HDFS. Stateless.
 */
public final class LocalUmask {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String LINE = "Umask:";

  private LocalUmask() {}

  /**
   * Lets a configuration of a local file system have it; where nobody tells it, nothing changes.
   */
  public static void applyTo(Configuration configuration) {
    if (!Files.isReadable(STATUS)) {
      return;
    }
    try {
      Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(LINE))
          .map(line -> line.substring(LINE.length()).strip())
          .findFirst()
          .ifPresent(umask -> configuration.set(FsPermission.UMASK_LABEL, umask));
    } catch (IOException e) {
      throw new UncheckedIOException(STATUS + " cannot be read", e);
    }
  }
}
