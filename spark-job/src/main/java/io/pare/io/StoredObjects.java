package io.pare.io;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.functional.FutureIO;

/**
 * Small objects that are made only where there is none, and replaced only while they are what they
 * were when they were read: of several who try at once, one succeeds. Thread-safe.
 *
 * <p>S3A does both in one step (a put with a condition). Other stores make an object only where
 * there is none, as their clients promise it; they have no replacement with a condition, so the
 * object is read once more and then replaced, which leaves a moment between the two.
 */
public final class StoredObjects {
  private static final int ATTEMPTS = 5;

  private final FileSystem store;

  private StoredObjects(FileSystem store) {
    this.store = store;
  }

  /** The objects of the store that a path belongs to. */
  public static StoredObjects of(Path path, Configuration configuration) throws IOException {
    return new StoredObjects(HadoopFiles.fileSystem(path, configuration));
  }

  /**
   * An object as it was read.
   *
   * @param text all of it
   * @param version that changes with every change of it
   */
  public record Seen(String text, String version) {}

  /** Whether an object is replaced in the same step in which it is looked at. */
  public boolean replacesInOneStep(Path path) throws IOException {
    return store.hasPathCapability(
        path, CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE_ETAG);
  }

  /** An object of at most 1,024 bytes; empty if there is none. */
  public Optional<Seen> read(Path path) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        FileStatus status = store.getFileStatus(path);
        String text = read(path, status);
        String version = version(status);
        if (hasEtag(status) || version.equals(version(store.getFileStatus(path)))) {
          return Optional.of(new Seen(text, version));
        }
        if (attempt == ATTEMPTS) {
          throw new IOException(path + " changes faster than it can be read");
        }
      } catch (FileNotFoundException e) {
        return Optional.empty();
      } catch (IOException e) { // a store that knows etags refuses to read what has changed
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private String read(Path path, FileStatus status) throws IOException {
    try (InputStream in =
        FutureIO.awaitFuture(store.openFile(path).withFileStatus(status).build())) {
      return new String(in.readNBytes(ResultManifest.LONGEST), StandardCharsets.UTF_8);
    }
  }

  private static boolean hasEtag(FileStatus status) {
    return status instanceof EtagSource source
        && source.getEtag() != null
        && !source.getEtag().isEmpty();
  }

  private static String version(FileStatus status) {
    return hasEtag(status)
        ? ((EtagSource) status).getEtag()
        : status.getModificationTime() + "-" + status.getLen();
  }

  /**
   * Makes an object where there is none.
   *
   * @return whether it was made; not, if there is one
   */
  public boolean create(Path path, String text) throws IOException {
    try {
      FSDataOutputStreamBuilder<?, ?> builder = store.createFile(path).create().recursive();
      if (store.hasPathCapability(
          path, CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE)) {
        builder.must(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, true);
      }
      write(builder.overwrite(false).build(), text);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      return outcome(path, text, Optional.empty(), e);
    }
  }

  /**
   * Replaces an object.
   *
   * @param seen what must still be there
   * @return whether it was replaced; not, if something else or nothing is there
   */
  public boolean replace(Path path, String text, Seen seen) throws IOException {
    try {
      FSDataOutputStreamBuilder<?, ?> builder =
          store.createFile(path).create().recursive().overwrite(true);
      if (replacesInOneStep(path)) {
        builder.must(
            CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE_ETAG, seen.version());
      } else if (!read(path).equals(Optional.of(seen))) {
        return false;
      }
      write(builder.build(), text);
      return true;
    } catch (FileNotFoundException e) {
      return false;
    } catch (IOException e) {
      return outcome(path, text, Optional.of(seen), e);
    }
  }

  private static void write(FSDataOutputStream out, String text) throws IOException {
    try (out) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * What is there tells how a failed write ended, whose answer may have been lost on the way and
   * whose repetition was then refused.
   */
  private boolean outcome(Path path, String text, Optional<Seen> expected, IOException failure)
      throws IOException {
    Optional<Seen> now = read(path);
    if (now.isPresent() && now.get().text().equals(text)) {
      return true;
    }
    if (now.equals(expected)) {
      throw failure;
    }
    return false;
  }

  /** Removes an object, if it is there. */
  public void delete(Path path) throws IOException {
    store.delete(path, false);
  }
}
