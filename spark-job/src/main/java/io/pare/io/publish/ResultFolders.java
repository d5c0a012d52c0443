package io.pare.io.publish;

import io.pare.FullDiskException;
import io.pare.InputException;
import io.pare.io.LocalFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Folders for a result. What is in the way is the user's to mend, and is told before any work.
 * Thread-safe.
 *
 * @param files of the file system
 * @param option that names the result
 * @param output the directory to publish, in full
 */
public record ResultFolders(FileContext files, String option, Path output) {
  private static final String LOCAL = "file";

  /** What file systems take, less what the names of hidden directories beside it add. */
  private static final int LONGEST_NAME = 255 - ".".length() - ".work".length();

  /**
   * Checks what is known without the file system of a cluster: the name, and on a local disk what
   * stands in the place.
   *
   * @throws InputException naming what is in the way
   */
  public void requirePlace() {
    int bytes = output.getName().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > LONGEST_NAME) {
      throw refused("its name has %d bytes; the limit is %d".formatted(bytes, LONGEST_NAME));
    }
    if (output.toUri().getPath().indexOf(':') >= 0) {
      throw refused("holds a colon, with which Hadoop makes no directory");
    }
    if (LOCAL.equals(output.toUri().getScheme())) {
      requireEncoding();
      for (Path place = output; place != null; place = place.getParent()) {
        requireDirectory(local(place));
      }
    }
  }

  private void requireEncoding() {
    try {
      local(output);
    } catch (InvalidPathException e) {
      throw refused("is no path" + LocalFailure.encoding(output.toString()));
    }
  }

  private void requireDirectory(java.nio.file.Path local) {
    if (Files.isSymbolicLink(local) && !Files.exists(local)) {
      throw refused(local + " is a link to nothing");
    }
    if (Files.exists(local) && !Files.isDirectory(local)) {
      throw refused(local + " is no directory");
    }
  }

  /**
   * Makes a directory and its missing parents one by one: made implicitly, they would ignore the
   * umask that is configured.
   *
   * @throws InputException if it cannot be made, with the reason
   */
  public void make(Path directory) throws IOException {
    if (directory == null || files.util().exists(directory)) {
      return;
    }
    make(directory.getParent());
    try {
      files.mkdir(directory, FsPermission.getDirDefault(), true);
    } catch (ParentNotDirectoryException e) {
      throw refused(directory.getParent() + " is no directory");
    } catch (IOException e) {
      if (!LOCAL.equals(directory.toUri().getScheme())) {
        throw e;
      }
      makeLocal(directory);
    }
  }

  /** Hadoop does not tell why a local directory cannot be made. */
  private void makeLocal(Path directory) {
    try {
      Files.createDirectories(local(directory));
    } catch (IOException e) {
      throw FullDiskException.of(directory.toString(), e)
          .map(RuntimeException.class::cast)
          .orElseGet(() -> refused(directory + " cannot be made: " + LocalFailure.reason(e)));
    }
  }

  private static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }

  private InputException refused(String why) {
    return InputException.usage("%s = %s: %s".formatted(option, output, why));
  }
}
