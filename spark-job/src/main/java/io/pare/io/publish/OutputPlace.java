package io.pare.io.publish;

import io.pare.InputException;
import io.pare.io.HadoopFiles;
import io.pare.io.HadoopPaths;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a result goes, and the hidden directory beside it in which runs work. Its name starts with
 * a dot, so that Spark and Hive do not list it as data. Safe for use by several threads.
 *
 * @param files of the file system
 * @param output the directory to publish, in full
 */
record OutputPlace(FileContext files, Path output) {
  private static final Logger LOG = LoggerFactory.getLogger(OutputPlace.class);

  /**
   * The place that a path names.
   *
   * @throws InputException if it is no path, the root, or on a file system that is not known here
   */
  static OutputPlace of(Configuration configuration, String path) {
    FileContext files = HadoopFiles.attempt(path, () -> HadoopFiles.context(configuration, path));
    Path output = files.makeQualified(HadoopFiles.path(path));
    if (output.isRoot()) {
      throw InputException.usage("output = " + path + ": the root directory cannot be published");
    }
    OutputPlace place = new OutputPlace(files, output);
    place.folders().requirePlace();
    return place;
  }

  private ResultFolders folders() {
    return new ResultFolders(files, "output", output);
  }

  /** The directory in which runs with this output work. */
  Path work() {
    return new Path(output.getParent(), "." + output.getName() + ".work");
  }

  /** The result at the output, or what else is there. */
  StandingResult standing() {
    return new StandingResult(files, output);
  }

  boolean exists(Path path) throws IOException {
    return files.util().exists(path);
  }

  /** Names of what a directory holds; of one that is missing, none. */
  List<Path> children(Path directory) throws IOException {
    try {
      return HadoopPaths.entries(files, directory).stream().map(FileStatus::getPath).toList();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  /**
   * Makes a directory and its missing parents.
   *
   * @throws InputException if it cannot be made, with the reason
   */
  void makeDirectories(Path directory) throws IOException {
    folders().make(directory);
  }

  /** Removes a directory and all that it holds, if it is there. */
  void remove(Path directory) throws IOException {
    try {
      files.delete(directory, true);
    } catch (FileNotFoundException e) {
      // Gone is what it was to be.
    }
  }

  /** As {@link #remove}, where a result stands already: what is left goes with the next run. */
  void discard(Path path) {
    try {
      remove(path);
    } catch (IOException e) {
      LOG.warn("{} could not be removed", path, e);
    }
  }

  /** Removes a directory if it is there and holds nothing. */
  void removeIfEmpty(Path directory) throws IOException {
    try {
      if (children(directory).isEmpty()) {
        // Not recursive: the file system refuses where something has come into it meanwhile.
        files.delete(directory, false);
      }
    } catch (FileNotFoundException e) {
      // Gone is what it was to be.
    } catch (IOException e) {
      if (children(directory).isEmpty()) {
        throw e;
      }
    }
  }

  /**
   * Renames a directory that is not empty onto a path that must not exist, in one step. Hadoop's
   * local file system copies into an existing directory where the system's own rename refuses, so
   * that one is asked directly.
   *
   * @throws FileAlreadyExistsException if there is something
   * @throws FileNotFoundException if the directory, or the parent it is to have, is missing
   */
  void rename(Path from, Path to) throws IOException {
    if ("file".equals(to.toUri().getScheme())) {
      try {
        Files.move(
            java.nio.file.Path.of(from.toUri().getPath()),
            java.nio.file.Path.of(to.toUri().getPath()),
            StandardCopyOption.ATOMIC_MOVE);
      } catch (NoSuchFileException e) {
        throw new FileNotFoundException(e.getMessage());
      } catch (java.nio.file.FileSystemException e) {
        if (exists(to)) {
          throw new FileAlreadyExistsException(to + " exists");
        }
        throw e;
      }
    } else {
      files.rename(from, to);
    }
  }
}
