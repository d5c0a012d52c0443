package io.pare.io;

import io.pare.InputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/** Places that users name, on any Hadoop file system; what is missing is told as their error. */
public final class HadoopPaths {
  /** Label files hold tens of bytes an image: this is far above any, and far below the heap. */
  private static final long TEXT_LIMIT = 256L << 20;

  private HadoopPaths() {}

  /**
   * The file or folder at {@code location}, its path qualified with scheme and authority.
   *
   * @param what what the place is to the user, as in "the image data set"
   */
  public static FileStatus status(String location, String what, Configuration configuration)
      throws IOException {
    if (location.isBlank()) {
      throw InputException.usage(what + ": the path is empty");
    }
    try {
      Path path = new Path(location);
      return path.getFileSystem(configuration).getFileStatus(path);
    } catch (FileNotFoundException e) {
      throw InputException.data(what + ": " + location + " does not exist");
    } catch (AccessControlException e) {
      throw InputException.data(what + ": no permission to read " + location);
    } catch (IllegalArgumentException e) {
      throw InputException.usage(what + ": " + location + " is not a path: " + e.getMessage());
    }
  }

  /** A file below a folder. The name is data: it may hold a colon, which {@code Path} parses. */
  public static Path below(Path folder, String name) {
    URI uri = folder.toUri();
    return new Path(uri.getScheme(), uri.getAuthority(), uri.getPath() + Path.SEPARATOR + name);
  }

  /** What a folder holds, hidden names left out, sorted by name. */
  public static List<FileStatus> visible(Path folder, Configuration configuration)
      throws IOException {
    FileSystem fileSystem = folder.getFileSystem(configuration);
    FileStatus[] found;
    try {
      found = fileSystem.listStatus(folder, path -> !isHidden(path.getName()));
    } catch (AccessControlException e) {
      throw InputException.data("no permission to list " + folder);
    }
    Arrays.sort(found, (a, b) -> a.getPath().getName().compareTo(b.getPath().getName()));
    return List.of(found);
  }

  /** Hadoop's rule: a dot or an underscore in front hides a file. */
  public static boolean isHidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  /** The lines of a small text file in UTF-8, without trailing empty ones. */
  public static List<String> lines(String location, String what, Configuration configuration)
      throws IOException {
    FileStatus status = status(location, what, configuration);
    if (status.isDirectory()) {
      throw InputException.data(what + ": " + location + " is a folder, not a text file");
    }
    if (status.getLen() > TEXT_LIMIT) {
      throw InputException.data(
          "%s: %s has %,d bytes; a text file of at most %,d is read"
              .formatted(what, location, status.getLen(), TEXT_LIMIT));
    }
    byte[] bytes = new byte[(int) status.getLen()];
    FileSystem fileSystem = status.getPath().getFileSystem(configuration);
    try (FSDataInputStream stream = fileSystem.open(status.getPath())) {
      stream.readFully(0, bytes);
    }
    List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    int end = lines.size();
    while (end > 0 && lines.get(end - 1).isBlank()) {
      end--;
    }
    return lines.subList(0, end);
  }
}
