package io.pare.prep;

import io.pare.InputException;
import io.pare.io.HadoopFiles;
import io.pare.io.HadoopPaths;
import io.pare.io.LocalUmask;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/**
 * The output: it appears complete or not at all.
 *
 * <p>A task writes under a name of its own attempt and renames when the file is complete, so that a
 * repeated or speculative attempt never leaves half a file; two that finish wrote the same bytes.
 * On an object store it writes in place, where a file is seen once it is closed.
 */
interface DataSetDirectory {
  /** Hidden by its underscore from Spark and from the {@code datasets} library. */
  String SUMMARY = "_summary.json";

  /** Where finished files are kept in the staging directory, and where attempts write. */
  String DATA = "data";

  String ATTEMPTS = "attempts";

  /** What to do with an output that exists. */
  enum Overwrite {
    NEVER,
    A_PACKED_DATA_SET;

    /**
     * Makes sure that what is at an output may be replaced.
     *
     * @throws InputException if it may not
     */
    void requireReplaceable(FileContext files, Path output) throws IOException {
      // Before anything in it is read: it may be a file.
      if (this == NEVER) {
        throw InputException.usage(
            "--output = " + output + " exists; choose another path or give --overwrite");
      }
      PackedDataSet.of(files, output).requireReplaceable();
    }
  }

  /**
   * The output that a text names.
   *
   * @throws InputException if it is no path, or the root
   */
  static DataSetDirectory of(String location, String runId, Configuration configuration)
      throws IOException {
    Path path = HadoopFiles.path(location);
    FileContext files = HadoopFiles.context(forOutput(path, configuration), path.toString());
    Path output = files.makeQualified(path);
    if (output.isRoot()) {
      throw InputException.usage("--output = " + location + ": the root cannot be an output");
    }
    return HadoopPaths.renames(output, configuration)
        ? new RenamedDataSet(files, output, runId)
        : ManifestDataSet.of(files, output, runId, configuration);
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

  /**
   * To be called before any work: makes sure of the output and of a place to write.
   *
   * @throws InputException if the output exists and is not to be replaced, or cannot be written
   */
  void prepare(Overwrite overwrite) throws IOException;

  /** The staging directory, for tasks. */
  String staging();

  /**
   * Checks the files that tasks wrote, adds the summary and shows it all at once.
   *
   * @throws InputException if another run has published meanwhile
   */
  void publish(List<ShardResult> shards, String summary) throws IOException;

  /** Removes what was not published. */
  void discard() throws IOException;

  /** Where an attempt of a task writes a file. */
  static Path attempt(String staging, String name, long attemptId, Configuration configuration) {
    Path place = new Path(staging);
    return HadoopPaths.renames(place, configuration)
        ? new Path(new Path(place, ATTEMPTS), name + "." + attemptId)
        : new Path(place, name);
  }

  /** Makes the complete file of an attempt a part of the data set. */
  static void keep(String staging, Path attempt, String name, Configuration configuration)
      throws IOException {
    if (HadoopPaths.renames(attempt, configuration)) {
      Path kept = new Path(new Path(staging, DATA), name);
      HadoopFiles.context(configuration, kept.toString()).rename(attempt, kept, Rename.OVERWRITE);
    }
  }

  /** What a run is told that comes second. */
  static InputException publishedByAnother(Path output) {
    return InputException.usage(
        "--output = " + output + " was published by another run meanwhile; its result stands");
  }

  /** Makes sure that all of what tasks say that they wrote is there. */
  static void requireWhole(FileContext files, Path data, List<ShardResult> shards)
      throws IOException {
    for (ShardResult shard : shards) {
      long length = files.getFileStatus(new Path(data, shard.file())).getLen();
      if (length != shard.bytes()) {
        throw new IOException(
            "%s has %d bytes, %d were written: disk or quota full?"
                .formatted(new Path(data, shard.file()), length, shard.bytes()));
      }
    }
  }
}
