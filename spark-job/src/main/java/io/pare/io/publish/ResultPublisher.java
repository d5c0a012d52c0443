package io.pare.io.publish;

import io.pare.InputException;
import io.pare.io.HadoopFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a result as a directory that appears complete or not at all.
 *
 * <p>The files are written into a directory of the run's own beside the output, closed, read back
 * and verified; {@code _SUCCESS} is the last of them; then one rename, which the file system
 * carries out as one step, makes all of it visible. Of several runs with one output path exactly
 * one succeeds. Where the outcome of the rename is unknown, what stands at the output decides.
 *
 * <p>An output that is overwritten is moved aside first and removed once the new one is in place; a
 * run that finds only the one moved aside, because another was killed between the two steps, moves
 * it back.
 *
 * <p>Not thread-safe: one publisher for one run.
 */
public final class ResultPublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ResultPublisher.class);
  private static final Set<String> ATOMIC = Set.of("hdfs", "viewfs", "file");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private final FileContext files;
  private final Path output;
  private final IfExists ifExists;
  private final String runId;
  private final StagingDirectory staging;

  /**
   * A publisher of one result.
   *
   * @param path Hadoop path of the directory to publish
   * @param runId tells this run from every other; letters, digits, {@code . _ -}
   * @throws InputException if the file system has no atomic rename
   */
  public ResultPublisher(
      Configuration configuration, String path, IfExists ifExists, String runId) {
    if (!NAME.matcher(runId).matches()) {
      throw new IllegalArgumentException("a run id cannot be part of a file name: " + runId);
    }
    this.files = HadoopFiles.attempt(path, () -> context(configuration, path));
    this.output = files.makeQualified(HadoopFiles.path(path));
    this.ifExists = ifExists;
    this.runId = runId;
    if (output.isRoot()) {
      throw InputException.usage("output = " + path + ": the root directory cannot be published");
    }
    this.staging = new StagingDirectory(files, beside("staging-" + runId), runId);
  }

  private static FileContext context(Configuration configuration, String path) throws IOException {
    Configuration own = new Configuration(configuration);
    // Without this a local output would be littered with hidden checksum files.
    own.set("fs.AbstractFileSystem.file.impl", "org.apache.hadoop.fs.local.RawLocalFs");
    Path hadoopPath = HadoopFiles.path(path);
    String scheme = hadoopPath.toUri().getScheme();
    if (scheme == null) {
      scheme = FileContext.getFileContext(own).getDefaultFileSystem().getUri().getScheme();
    }
    if (!ATOMIC.contains(scheme)) {
      throw InputException.usage(
          "output = "
              + path
              + ": "
              + scheme
              + " does not rename a directory in one step, so a partial result could be seen;"
              + " publish to hdfs, viewfs or file and copy the complete directory from there");
    }
    return FileContext.getFileContext(hadoopPath.toUri(), own);
  }

  /**
   * To be called before anything is computed: decides what is to be done about an existing output
   * and makes sure that the output can be written.
   *
   * @return whether there is anything to do; not, if a result is there that is to be left as it is
   * @throws InputException if the output exists and is not to be replaced, or may not be written
   */
  public boolean prepare() {
    return HadoopFiles.attempt(
        output.toString(),
        () -> {
          recover();
          if (files.util().exists(output) && !admits()) {
            return false;
          }
          try {
            staging.create();
          } catch (AccessControlException e) {
            throw InputException.usage(
                "output = " + output + " cannot be written: " + e.getMessage());
          }
          return true;
        });
  }

  /** Whether an existing output may be replaced; otherwise it is left alone. */
  private boolean admits() throws IOException {
    if (ifExists == IfExists.FAIL) {
      throw exists("choose another path, or give --if-exists skip or overwrite");
    }
    if (identity(output).isEmpty()) {
      throw exists("and holds no complete result of Pare; remove it or choose another path");
    }
    return ifExists == IfExists.OVERWRITE;
  }

  /**
   * Publishes the files.
   *
   * @param contents by file name: letters, digits, {@code . _ -}
   * @throws InputException if another run has published to the path first
   */
  public PublishedResult publish(Map<String, byte[]> contents) {
    for (String name : contents.keySet()) {
      if (!NAME.matcher(name).matches() || name.equals(StagingDirectory.SUMS)) {
        throw new IllegalArgumentException("a result cannot have a file named " + name);
      }
    }
    return HadoopFiles.attempt(
        output.toString(),
        () -> {
          Map<String, String> hashes = staging.write(contents);
          moveIntoPlace(staging.identity(hashes));
          return new PublishedResult(output.toString(), hashes);
        });
  }

  private void moveIntoPlace(String identity) throws IOException {
    Path old = beside("replaced-" + runId);
    if (ifExists == IfExists.OVERWRITE && files.util().exists(output)) {
      rename(output, old);
    }
    try {
      rename(staging.path(), output);
    } catch (IOException e) {
      if (!identity(output).equals(Optional.of(identity))) {
        restore(old, e);
        if (e instanceof FileAlreadyExistsException) {
          throw exists("published by another run meanwhile; its result stands");
        }
        throw e;
      }
    }
    removeObsolete(old);
  }

  /** What cannot be removed now goes with the next run: the result stands already. */
  private void removeObsolete(Path path) {
    try {
      if (files.util().exists(path)) {
        files.delete(path, true);
      }
    } catch (IOException e) {
      LOG.warn("{} could not be removed", path, e);
    }
  }

  private void restore(Path old, IOException failure) {
    try {
      if (files.util().exists(old)) {
        if (files.util().exists(output)) {
          files.delete(old, true);
        } else {
          rename(old, output);
        }
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Moves back a result that a killed run had moved aside, or removes it where a newer one stands.
   */
  private void recover() throws IOException {
    if (!files.util().exists(output.getParent())) {
      return;
    }
    String prefix = beside("replaced-").getName();
    RemoteIterator<FileStatus> siblings = files.listStatus(output.getParent());
    while (siblings.hasNext()) {
      Path sibling = siblings.next().getPath();
      if (sibling.getName().startsWith(prefix)) {
        if (files.util().exists(output)) {
          removeObsolete(sibling);
        } else {
          rename(sibling, output);
        }
      }
    }
  }

  private Path beside(String suffix) {
    return new Path(output.getParent(), "." + output.getName() + "." + suffix);
  }

  /**
   * Renames a directory onto a path that must not exist. Hadoop's local file system copies into an
   * existing directory where the system's own rename refuses, so that one is asked directly.
   */
  private void rename(Path from, Path to) throws IOException {
    if ("file".equals(to.toUri().getScheme())) {
      try {
        Files.move(
            java.nio.file.Path.of(from.toUri().getPath()),
            java.nio.file.Path.of(to.toUri().getPath()),
            StandardCopyOption.ATOMIC_MOVE);
      } catch (java.nio.file.FileSystemException e) {
        if (files.util().exists(to)) {
          throw new FileAlreadyExistsException(to + " exists");
        }
        throw e;
      }
    } else {
      files.rename(from, to);
    }
  }

  /** What identifies the complete result in a directory; empty if there is none. */
  private Optional<String> identity(Path directory) throws IOException {
    try (InputStream in = files.open(new Path(directory, StagingDirectory.SUCCESS))) {
      String text = new String(in.readNBytes(1024), StandardCharsets.UTF_8);
      return Optional.of(text).filter(success -> success.startsWith("run = "));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private InputException exists(String remedy) {
    return InputException.usage("output = " + output + " exists: " + remedy);
  }

  /** Removes what an unpublished result left in its own directory. */
  @Override
  public void close() {
    removeObsolete(staging.path());
  }
}
