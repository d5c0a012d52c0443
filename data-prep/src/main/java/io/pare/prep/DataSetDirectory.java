package io.pare.prep;

import io.pare.InputException;
import io.pare.io.HadoopPaths;
import io.pare.io.LocalUmask;
import io.pare.io.publish.ResultFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/**
 * The output: it appears complete, by one rename of a staging directory beside it, or not at all.
 *
 * <p>A task writes under a name of its own attempt and renames when the file is complete, so that a
 * repeated or speculative attempt never leaves half a file; two that finish wrote the same bytes.
 */
final class DataSetDirectory {
  static final String SUCCESS = "_SUCCESS";

  /** Hidden by its underscore from Spark and from the {@code datasets} library. */
  static final String SUMMARY = "_summary.json";

  private static final int NAMED = 5;
  private static final String DATA = "data";
  private static final String ATTEMPTS = "attempts";

  private final FileContext files;
  private final Path output;
  private final ResultFolders folders;
  private final Path staging;
  private final Path old;

  DataSetDirectory(String location, String runId, Configuration configuration) throws IOException {
    Path path = path(location);
    if (!HadoopPaths.renames(path, configuration)) {
      throw InputException.usage(
          "--output = %s: a data set appears by one rename of its directory, which %s has not: write it to HDFS or a local disk, and copy it from there"
              .formatted(location, HadoopPaths.scheme(path, configuration)));
    }
    this.files = context(path, configuration);
    this.output = files.makeQualified(path);
    if (output.isRoot()) {
      throw InputException.usage("--output = " + location + ": the root cannot be an output");
    }
    this.folders = new ResultFolders(files, "--output", output);
    folders.requirePlace();
    String hidden = "." + output.getName() + ".";
    this.staging = new Path(output.getParent(), hidden + "staging-" + runId);
    this.old = new Path(output.getParent(), hidden + "replaced-" + runId);
  }

  private static Path path(String location) {
    try {
      return new Path(location);
    } catch (IllegalArgumentException e) {
      throw InputException.usage("--output = " + location + " is no path: " + e.getMessage());
    }
  }

  private static FileContext context(Path path, Configuration configuration) throws IOException {
    Configuration own = forOutput(path, configuration);
    return path.toUri().getScheme() == null
        ? FileContext.getFileContext(own)
        : FileContext.getFileContext(path.toUri(), own);
  }

  /**
   * A configuration to write with: Hadoop's local file system would litter the data set with hidden
   * checksum files, and would not follow the umask.
   */
  static Configuration forOutput(Path path, Configuration configuration) {
    Configuration own = new Configuration(configuration);
    own.set("fs.AbstractFileSystem.file.impl", "org.apache.hadoop.fs.local.RawLocalFs");
    own.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    own.setBoolean("fs.file.impl.disable.cache", true);
    if ("file".equals(HadoopPaths.scheme(path, own))) {
      LocalUmask.applyTo(own);
    }
    return own;
  }

  /** To be called before any work: makes sure of the output and makes the staging directory. */
  void prepare(Overwrite overwrite) throws IOException {
    if (files.util().exists(output)) {
      if (overwrite == Overwrite.NEVER) {
        throw InputException.usage(
            "--output = " + output + " exists; choose another path or give --overwrite");
      }
      requireReplaceable();
    }
    try {
      discard();
      folders.make(new Path(staging, DATA));
      folders.make(new Path(staging, ATTEMPTS));
    } catch (AccessControlException e) {
      throw InputException.usage("--output = " + output + " cannot be written: " + e.getMessage());
    }
  }

  /** A data set that is replaced is removed: what it does not list itself must not go with it. */
  private void requireReplaceable() throws IOException {
    PackedDataSet standing = new PackedDataSet(files, output);
    if (!standing.isComplete()) {
      throw InputException.usage(
          "--output = %s holds no packed data set and is not replaced; remove it or choose another path"
              .formatted(output));
    }
    List<String> foreign = standing.foreign();
    if (!foreign.isEmpty()) {
      throw InputException.usage(
          "--output = %s holds %d files or folders that are no part of its data set: %s; move them away or choose another path"
              .formatted(
                  output,
                  foreign.size(),
                  String.join(", ", foreign.subList(0, Math.min(NAMED, foreign.size())))));
    }
  }

  /** The staging directory, for tasks. */
  String staging() {
    return staging.toString();
  }

  /** Where an attempt of a task writes a file. */
  static Path attempt(String staging, String name, long attemptId) {
    return new Path(new Path(staging, ATTEMPTS), name + "." + attemptId);
  }

  /** Makes the complete file of an attempt a part of the data set. */
  static void keep(String staging, Path attempt, String name, Configuration configuration)
      throws IOException {
    Path kept = new Path(new Path(staging, DATA), name);
    context(kept, configuration).rename(attempt, kept, Rename.OVERWRITE);
  }

  /** Checks the files that tasks wrote, adds the summary and shows it all by one rename. */
  void publish(List<ShardResult> shards, String summary) throws IOException {
    Path data = new Path(staging, DATA);
    for (ShardResult shard : shards) {
      long length = files.getFileStatus(new Path(data, shard.file())).getLen();
      if (length != shard.bytes()) {
        throw new IOException(
            "%s has %d bytes, %d were written: disk or quota full?"
                .formatted(new Path(data, shard.file()), length, shard.bytes()));
      }
    }
    write(new Path(data, SUMMARY), summary);
    write(new Path(data, SUCCESS), "");
    boolean replaced = files.util().exists(output);
    if (replaced) {
      requireReplaceable();
      rename(output, old);
    }
    try {
      rename(data, output);
    } catch (FileAlreadyExistsException e) {
      throw InputException.usage(
          "--output = " + output + " was published by another run meanwhile; its result stands");
    }
    if (replaced) {
      files.delete(old, true);
    }
    discard();
  }

  private void write(Path file, String text) throws IOException {
    try (FSDataOutputStream out =
        files.create(file, EnumSet.of(CreateFlag.CREATE), CreateOpts.donotCreateParent())) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void rename(Path from, Path to) throws IOException {
    if (!"file".equals(to.toUri().getScheme())) {
      files.rename(from, to);
      return;
    }
    // Hadoop's local rename copies into a directory that is there; the system's own refuses.
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
  }

  /** Removes the staging directory, if there is one. */
  void discard() throws IOException {
    if (files.util().exists(staging)) {
      files.delete(staging, true);
    }
  }

  /** What to do with an output that exists. */
  enum Overwrite {
    NEVER,
    A_PACKED_DATA_SET
  }
}
