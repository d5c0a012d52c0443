package io.pare.io;

import io.pare.Causes;
import io.pare.FullDiskException;
import io.pare.InputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.VersionInfo;

/**
 * Small files on any Hadoop file system. A path without a scheme belongs to the default file
 * system. Safe for use by several threads.
 *
 * <p>A missing or forbidden file is an {@link InputException}; a failure of the file system itself
 * is an {@link UncheckedIOException}, because no other input would mend it.
 */
public final class HadoopFiles {
  private static final Set<String> WEB = Set.of("http", "https");

  private static final String LOCAL = "file";

  /** Where the libraries of stores are that Spark does not bring, by scheme. */
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "s3a", "org.apache.hadoop:hadoop-aws:" + VersionInfo.getVersion(),
          "abfs", "org.apache.hadoop:hadoop-azure:" + VersionInfo.getVersion(),
          "abfss", "org.apache.hadoop:hadoop-azure:" + VersionInfo.getVersion());

  private static final Set<String> FORMER_S3 = Set.of("s3", "s3n");

  private final Configuration configuration;

  /** Files as this configuration sees them. */
  public HadoopFiles(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Whether there is a file or a directory, or a result's manifest leads on to one. */
  public boolean exists(String path) {
    return attempt(
        path,
        () -> {
          try {
            return HadoopPaths.find(path(path), configuration).getPath() != null;
          } catch (FileNotFoundException e) {
            return false;
          }
        });
  }

  /**
   * Where the file lies that a path names, in full: there, or where a result's manifest leads.
   *
   * @throws InputException if it is missing
   */
  public String located(String path) {
    return attempt(path, () -> HadoopPaths.find(path(path), configuration).getPath().toString());
  }

  /** The path in full, with its scheme and authority. */
  public String resolve(String path) {
    return attempt(path, () -> fileSystem(path).makeQualified(new Path(path)).toString());
  }

  /**
   * Reads a whole file; that of a result where its manifest says that it is.
   *
   * @param limit most bytes, at most {@code Integer.MAX_VALUE - 8}
   * @throws InputException if it is missing, forbidden, a directory or longer than the limit
   */
  public byte[] readAll(String path, int limit) {
    return attempt(
        path,
        () -> {
          FileStatus status = HadoopPaths.find(path(path), configuration);
          if (status.isDirectory()) {
            throw InputException.data(path + " is a directory: name a file in it");
          }
          if (status.getLen() > limit) {
            throw InputException.data(
                path + " has " + status.getLen() + " bytes; the limit is " + limit);
          }
          byte[] bytes = new byte[(int) status.getLen()];
          try (FSDataInputStream in = HadoopPaths.open(status.getPath(), configuration)) {
            in.readFully(0, bytes);
          }
          return bytes;
        });
  }

  /** Paths of the files that a glob of Hadoop's finds, in full and in their order; may be empty. */
  public List<String> glob(String pattern) {
    return attempt(
        pattern,
        () -> {
          FileStatus[] found = fileSystem(pattern).globStatus(new Path(pattern));
          return Stream.ofNullable(found)
              .flatMap(Stream::of)
              .filter(FileStatus::isFile)
              .map(file -> file.getPath().toString())
              .sorted()
              .toList();
        });
  }

  /** Removes a file, if it is there. */
  public void delete(String path) {
    attempt(path, () -> fileSystem(path).delete(new Path(path), false));
  }

  /**
   * Writes a small file, replacing one that is there. On HDFS and local disks readers see it whole,
   * as they do on object stores.
   *
   * @throws InputException if it may not be written or a directory is there
   */
  public void write(String path, byte[] bytes) {
    attempt(
        path,
        () -> {
          FileSystem fileSystem = fileSystem(path);
          Path file = new Path(path);
          if (fileSystem.exists(file) && fileSystem.getFileStatus(file).isDirectory()) {
            throw InputException.usage(path + " is a directory: name a file in it");
          }
          Path full = fileSystem.makeQualified(file);
          if (HadoopPaths.renames(full, configuration)) {
            new WholeFile(configuration, full).write(bytes);
          } else {
            try (FSDataOutputStream out = fileSystem.create(file, true)) {
              out.write(bytes);
            }
          }
          return bytes;
        });
  }

  /**
   * Makes sure, before any work, that a small file can be written: on HDFS and local disks by
   * making another beside it; elsewhere nothing is known before it is tried.
   *
   * @param option that names the file
   * @throws InputException if it cannot, with the reason
   */
  public void requireWritable(String option, String path) {
    attempt(
        path,
        () -> {
          Path full = fileSystem(path).makeQualified(new Path(path));
          if (HadoopPaths.renames(full, configuration)) {
            new WholeFile(configuration, full).requireWritable(option);
          }
          return full;
        });
  }

  /**
   * Makes sure, before any work, that there is a library for the file system of each path.
   *
   * @param paths by the option that names them
   * @throws InputException naming the first for which there is none
   */
  public void requireKnown(Map<String, String> paths) {
    paths.forEach(
        (option, text) ->
            attempt(
                option + " = " + text,
                () -> {
                  String scheme = HadoopPaths.scheme(path(text), configuration);
                  return knownOr(
                      option + " = " + text,
                      scheme,
                      () -> FileSystem.getFileSystemClass(scheme, configuration));
                }));
  }

  /**
   * The file system of a path with operations that are atomic, such as a rename without overwrite.
   * A local one writes no hidden checksum files, and gives what it makes the permissions that the
   * umask of this process leaves.
   */
  public static FileContext context(Configuration configuration, String path) throws IOException {
    Configuration own = new Configuration(configuration);
    own.set("fs.AbstractFileSystem.file.impl", "org.apache.hadoop.fs.local.RawLocalFs");
    Path hadoopPath = path(path);
    if (!HadoopPaths.renames(hadoopPath, own)) {
      return StoreFiles.of(fileSystem(hadoopPath, configuration), own);
    }
    if (LOCAL.equals(HadoopPaths.scheme(hadoopPath, own))) {
      LocalUmask.applyTo(own);
    }
    return hadoopPath.toUri().getScheme() == null
        ? FileContext.getFileContext(own)
        : FileContext.getFileContext(hadoopPath.toUri(), own);
  }

  private FileSystem fileSystem(String path) throws IOException {
    return fileSystem(path(path), configuration);
  }

  /**
   * The file system of a path.
   *
   * @throws InputException if none is known here
   */
  static FileSystem fileSystem(Path path, Configuration configuration) throws IOException {
    return knownOr(
        path.toString(),
        HadoopPaths.scheme(path, configuration),
        () -> path.getFileSystem(configuration));
  }

  private static <T> T knownOr(String what, String scheme, Action<T> action) throws IOException {
    try {
      return action.run();
    } catch (UnsupportedFileSystemException | NoClassDefFoundError e) {
      throw unknown(what, scheme);
    } catch (RuntimeException e) { // which is how Hadoop tells of a class that it was to load
      if (Causes.of(e).first(ClassNotFoundException.class).isPresent()) {
        throw unknown(what, scheme);
      }
      throw e;
    }
  }

  /**
   * The path that a text names.
   *
   * @throws InputException if it names none
   */
  public static Path path(String text) {
    try {
      Path path = new Path(text);
      if (WEB.contains(String.valueOf(path.toUri().getScheme()))) {
        throw InputException.usage(
            text + " is on a web server, and Pare reads file systems: fetch it and name the file");
      }
      return path;
    } catch (IllegalArgumentException e) {
      throw InputException.usage("\"" + text + "\" is not a Hadoop path: " + e.getMessage());
    }
  }

  /** Whether a store has no such bucket, by the name of the class, which is in its library. */
  static boolean isWithoutBucket(IOException failure) {
    return failure.getClass().getSimpleName().equals("UnknownStoreException");
  }

  /** What is said of a path in a bucket that is not there. */
  static InputException withoutBucket(String path) {
    return InputException.data(path + ": there is no such bucket");
  }

  /** What is said of a path whose file system no class here knows. */
  private static InputException unknown(String what, String scheme) {
    String remedy =
        FORMER_S3.contains(scheme)
            ? "Hadoop reads and writes S3 as s3a://"
            : "correct the path, or give spark-submit the library of %s before -- (--packages%s)"
                .formatted(
                    scheme, LIBRARIES.containsKey(scheme) ? " " + LIBRARIES.get(scheme) : "");
    return InputException.usage(
        "%s: no file system %s is known here: %s".formatted(what, scheme, remedy));
  }

  /**
   * An action on a file system.
   *
   * @param <T> its result
   */
  public interface Action<T> {
    /** Runs it. */
    T run() throws IOException;
  }

  /**
   * Runs an action that can be repeated, again where the file system was away, and tells apart what
   * the user can mend from what is broken.
   *
   * @throws InputException if the path is missing or forbidden
   * @throws FullDiskException if no space is left for it
   * @throws UncheckedIOException if the file system failed in another way
   */
  public static <T> T attempt(String path, Action<T> action) {
    try {
      return Retry.STANDARD.call(path, action);
    } catch (FileNotFoundException e) {
      throw InputException.data(path + " does not exist" + LocalFailure.encoding(path));
    } catch (AccessControlException | AccessDeniedException e) {
      throw InputException.data(path + " may not be accessed: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      if (e.getCause() instanceof URISyntaxException) {
        throw InputException.usage(path + " is not a Hadoop path: " + e.getMessage());
      }
      throw e;
    } catch (UnsupportedFileSystemException e) {
      throw unknown(path, String.valueOf(new Path(path).toUri().getScheme()));
    } catch (IOException e) {
      if (isWithoutBucket(e)) {
        throw withoutBucket(path);
      }
      Optional<AccessControlException> refused = Causes.of(e).first(AccessControlException.class);
      if (refused.isPresent()) { // by the server that a client has not logged in to
        throw InputException.data(
            "%s may not be accessed: %s: give --principal and --keytab, or take a ticket (kinit)"
                .formatted(path, refused.get().getMessage()));
      }
      throw FullDiskException.of(path, e)
          .map(UncheckedIOException.class::cast)
          .orElseGet(() -> new UncheckedIOException(path + ": " + e.getMessage(), e));
    }
  }
}
