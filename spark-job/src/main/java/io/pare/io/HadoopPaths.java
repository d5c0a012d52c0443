package io.pare.io;

import io.pare.InputException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.security.AccessControlException;

/** Places that users name, on any Hadoop file system; what is missing is told as their error. */
public final class HadoopPaths {
  /** Label files hold tens of bytes an image: this is far above any, and far below the heap. */
  private static final long TEXT_LIMIT = 256L << 20;

  /** How often a directory is listed that is there and cannot be. */
  private static final int LISTINGS = 3;

  private static final Set<String> RENAMING = Set.of("hdfs", "viewfs", "file");

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
      return find(HadoopFiles.path(location), configuration);
    } catch (FileNotFoundException e) {
      throw InputException.data(
          what + ": " + location + " does not exist" + LocalFailure.encoding(location));
    } catch (AccessControlException | AccessDeniedException e) {
      throw InputException.data(what + ": no permission to read " + location);
    } catch (IllegalArgumentException e) {
      throw InputException.usage(what + ": " + location + " is not a path: " + e.getMessage());
    }
  }

  /**
   * As {@link #status}, of a data set: where a manifest stands in a folder, that to which it leads.
   */
  public static FileStatus dataSet(String location, Configuration configuration)
      throws IOException {
    FileStatus status = status(location, "image data set", configuration);
    if (!status.isDirectory()) {
      return status;
    }
    FileSystem files = HadoopFiles.fileSystem(status.getPath(), configuration);
    Optional<String> folder =
        ResultManifest.in(status.getPath(), files).flatMap(ResultManifest::folder);
    return folder.isPresent()
        ? files.getFileStatus(new Path(status.getPath(), folder.get()))
        : status;
  }

  /**
   * The file or folder at a path, or the file of a result that its manifest leads on to.
   *
   * @throws FileNotFoundException if there is neither
   */
  static FileStatus find(Path path, Configuration configuration) throws IOException {
    FileSystem files = HadoopFiles.fileSystem(path, configuration);
    try {
      return files.getFileStatus(path);
    } catch (FileNotFoundException e) {
      Optional<Path> led = ResultManifest.leadingOn(path, files);
      if (led.isEmpty()) {
        throw e;
      }
      return files.getFileStatus(led.get());
    } catch (IOException e) {
      if (HadoopFiles.isWithoutBucket(e)) {
        throw HadoopFiles.withoutBucket(path.toString());
      }
      throw e;
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
    List<FileStatus> found;
    try {
      found =
          fileSystem instanceof LocalFileSystem
              ? local(folder, fileSystem)
              : List.of(fileSystem.listStatus(folder));
    } catch (AccessControlException e) {
      throw InputException.data("no permission to list " + folder);
    }
    return found.stream()
        .filter(file -> !isHidden(file.getPath().getName()))
        .sorted(Comparator.comparing(file -> file.getPath().getName()))
        .toList();
  }

  /**
   * What a directory holds, hidden names too.
   *
   * @throws FileNotFoundException if it is not there, or goes while it is listed
   */
  public static List<FileStatus> entries(FileContext files, Path directory) throws IOException {
    for (int listing = 1; ; listing++) {
      try {
        List<FileStatus> entries = new ArrayList<>();
        RemoteIterator<FileStatus> found = files.listStatus(directory);
        while (found.hasNext()) {
          entries.add(found.next());
        }
        return entries;
      } catch (FileNotFoundException e) {
        throw e;
      } catch (IOException e) {
        // Hadoop tells of an I/O error where a local directory goes between its two looks at it.
        if (!files.util().exists(directory)) {
          throw new FileNotFoundException(directory + " is gone: " + e.getMessage());
        }
        if (listing == LISTINGS) {
          throw e;
        }
      }
    }
  }

  /**
   * Whether a rename there is one step, which makes a whole directory visible. Object stores have
   * none: an object is seen, whole, once it is closed.
   */
  public static boolean renames(Path path, Configuration configuration) {
    return RENAMING.contains(scheme(path, configuration));
  }

  /** The scheme of a path, that of the default file system where it has none. */
  public static String scheme(Path path, Configuration configuration) {
    String own = path.toUri().getScheme();
    return own == null ? FileSystem.getDefaultUri(configuration).getScheme() : own;
  }

  /** Hadoop's own listing of a local folder fails at a name with a colon. */
  private static List<FileStatus> local(Path folder, FileSystem fileSystem) throws IOException {
    String[] names = new File(folder.toUri().getPath()).list();
    if (names == null) {
      return List.of(fileSystem.listStatus(folder));
    }
    List<FileStatus> found = new ArrayList<>();
    for (String name : names) {
      try {
        found.add(fileSystem.getFileStatus(below(folder, name)));
      } catch (FileNotFoundException e) {
        String unnamed = LocalFailure.encoding(name);
        if (!unnamed.isEmpty()) { // it must not be left out in silence
          throw InputException.data(below(folder, name) + " does not exist" + unnamed);
        }
        // Gone since it was listed, or a link to nothing: as if it had not been there.
      }
    }
    return found;
  }

  /**
   * Opens a file. On local disks its name may hold a colon, and what Hadoop calls empty is not
   * opened: a pipe would be waited for and a device read without end.
   */
  public static FSDataInputStream open(Path file, Configuration configuration) throws IOException {
    FileSystem fileSystem = file.getFileSystem(configuration);
    if (!(fileSystem instanceof LocalFileSystem local)) {
      return fileSystem.open(file);
    }
    File there = local.pathToFile(file);
    if (there.exists() && !there.isDirectory() && !there.isFile()) {
      throw InputException.data(file + " is a pipe or a device, not a file");
    }
    return file.getName().indexOf(':') < 0
        ? fileSystem.open(file)
        : local.getRawFileSystem().open(file);
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
    try (FSDataInputStream stream = open(status.getPath(), configuration)) {
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
