package io.pare.io.publish;

import io.pare.InputException;
import io.pare.io.HadoopPaths;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * What lies where in the hidden directory beside an output: the lock {@code holder} with the
 * directory of the run that holds it, locks on the way to it and from it, and checkpoints. Runs
 * remove what other runs have left there, so anything else in these places must not be taken for
 * it.
 *
 * @param place whose directory of work it is
 */
record WorkDirectory(OutputPlace place) {
  static final String HEARTBEAT = "heartbeat";
  static final String STAGING = "staging";
  static final String REPLACED = "replaced";

  private static final String HOLDER = "holder";
  private static final String CLAIM = "claim-";
  private static final String DEAD = "dead-";
  private static final String CHECKPOINTS = "checkpoints";

  /** Part of the name of each checkpoint, finished or not. */
  private static final String CHECKPOINT = ".checkpoint";

  /** The lock. */
  Path holder() {
    return new Path(place.work(), HOLDER);
  }

  /** The lock where it is one object. */
  Path lock() {
    return new Path(place.work(), "lock");
  }

  /** Where a run puts its lock together. */
  Path claim(String runId) {
    return new Path(place.work(), CLAIM + runId);
  }

  /** Where the lock of a dead run goes. */
  Path dead(String runId) {
    return new Path(place.work(), DEAD + runId);
  }

  /** What dead runs have left. */
  Iterable<Path> dead() throws IOException {
    return place.children(place.work()).stream()
        .filter(path -> path.getName().startsWith(DEAD))
        .toList();
  }

  /** Where checkpoints are. */
  Path checkpoints() {
    return new Path(place.work(), CHECKPOINTS);
  }

  /** Removes what runs have finished, and locks that never came into their place. */
  void removeParts() throws IOException {
    for (Path each : place.children(place.work())) {
      if (each.equals(checkpoints()) || each.getName().startsWith(CLAIM)) {
        place.remove(each);
      }
    }
  }

  /**
   * As {@link #requireOwn}, where the lock is one object.
   *
   * @throws InputException naming the first object that no run has made
   */
  void requireOwnObjects() throws IOException {
    requireAll(checkpoints(), child -> child.getPath().getName().contains(CHECKPOINT));
    requireAll(
        place.work(), child -> child.getPath().equals(child.isFile() ? lock() : checkpoints()));
  }

  /**
   * Makes sure that runs have made whatever lies where they work.
   *
   * @throws InputException naming the first file or directory that none has made
   */
  void requireOwn() throws IOException {
    requireAll(checkpoints(), child -> child.getPath().getName().contains(CHECKPOINT));
    requireAll(holder(), FileStatus::isDirectory);
    for (Path run : place.children(holder())) {
      requireRun(run);
    }
    for (Path dead : dead()) {
      requireRun(dead);
    }
  }

  private void requireRun(Path directory) throws IOException {
    requireAll(
        directory,
        child ->
            switch (child.getPath().getName()) {
              case HEARTBEAT -> child.isFile();
              case STAGING, REPLACED -> child.isDirectory();
              default -> false;
            });
  }

  private void requireAll(Path directory, Predicate<FileStatus> own) throws IOException {
    try {
      if (!place.files().getFileStatus(directory).isDirectory()) {
        throw foreign(directory);
      }
      for (FileStatus child : HadoopPaths.entries(place.files(), directory)) {
        if (!own.test(child)) {
          throw foreign(child.getPath());
        }
      }
    } catch (FileNotFoundException e) {
      // Not there, or gone meanwhile: nothing to be taken for something else.
    }
  }

  private InputException foreign(Path path) {
    return InputException.usage(
        "output = %s: %s lies where runs with this output work, and none has made it: move it away, or choose another path"
            .formatted(place.output(), path));
  }
}
