package io.pare.io.checkpoint;

import io.pare.FullDiskException;
import io.pare.io.HadoopFiles;
import io.pare.io.HadoopPaths;
import io.pare.io.Retry;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Results of finished parts of a run, each in a file that is named for the hash of its key. What is
 * damaged, truncated or made from something else is recognised and told, and counts as absent. A
 * file appears complete, by a rename, and on an object store once it is closed; two runs that write
 * the same key write the same bytes.
 *
 * <p>A run does not depend on its checkpoints: one that cannot be written is told and left out.
 * Safe for use by several threads.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final String SUFFIX = ".checkpoint";

  private final FileContext files;
  private final Path directory;
  private final String runId;
  private final boolean renames;
  private final List<CheckpointKey> reused = Collections.synchronizedList(new ArrayList<>());
  private final List<String> rejected = Collections.synchronizedList(new ArrayList<>());

  /**
   * A store in a directory.
   *
   * @param directory Hadoop path; it is made with the first checkpoint, its parent must be there
   * @param runId tells this run from every other; letters, digits, {@code . _ -}
   */
  public CheckpointStore(Configuration configuration, String directory, String runId) {
    this.files =
        HadoopFiles.attempt(directory, () -> HadoopFiles.context(configuration, directory));
    this.directory = HadoopFiles.path(directory);
    this.renames = HadoopPaths.renames(this.directory, configuration);
    this.runId = runId;
  }

  /** Forgets all that earlier runs have left. */
  public void clear() {
    HadoopFiles.attempt(
        directory.toString(),
        () -> {
          try {
            return files.delete(directory, true);
          } catch (FileNotFoundException e) {
            return false;
          }
        });
  }

  /**
   * The result with a key, if an earlier run has left it and it is sound.
   *
   * @param type of the result
   */
  public <R extends Record> Optional<R> find(CheckpointKey key, Class<R> type) {
    Path file = file(key);
    try {
      Optional<R> found = Retry.STANDARD.call(file.toString(), () -> read(file, key, type));
      if (found.isPresent()) {
        reused.add(key);
        LOG.debug("{} of {} is taken from a checkpoint", key.stage(), key.part());
      }
      return found;
    } catch (IOException e) {
      reject(key, e);
      return Optional.empty();
    }
  }

  private <R extends Record> Optional<R> read(Path file, CheckpointKey key, Class<R> type)
      throws IOException {
    CheckpointFile<R> format = new CheckpointFile<>(key, type);
    try {
      long length = files.getFileStatus(file).getLen();
      format.verify(files.open(file), length);
      return Optional.of(format.read(files.open(file), length));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private void reject(CheckpointKey key, IOException failure) {
    String what = key.stage() + " of " + key.part();
    LOG.warn("the checkpoint {} is not used: {}", what, failure.getMessage());
    rejected.add(what + ": " + failure.getMessage());
  }

  /** Keeps a result. */
  public void put(CheckpointKey key, Record value) {
    Path file = file(key);
    try {
      Retry.STANDARD.call(file.toString(), () -> write(file, key, value));
      LOG.debug("{} of {} is finished and kept", key.stage(), key.part());
    } catch (IOException e) {
      LOG.warn(
          "the checkpoint {} of {} is left out, the run goes on: {}",
          key.stage(),
          key.part(),
          FullDiskException.of(directory.toString(), e)
              .map(Throwable::getMessage)
              .orElse(e.getMessage()));
    }
  }

  private Path write(Path file, CheckpointKey key, Record value) throws IOException {
    Path first = file;
    if (renames) {
      // Without its parents: they are gone where the run has lost its lock.
      files.mkdir(directory, FsPermission.getDirDefault(), false);
      first =
          new Path(directory, file.getName() + "." + runId + "." + Thread.currentThread().getId());
    }
    try {
      new CheckpointFile<>(key, value.getClass())
          .write(
              files.create(
                  first,
                  EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE),
                  renames ? CreateOpts.donotCreateParent() : CreateOpts.createParent()),
              value);
      if (renames) {
        files.rename(first, file, Rename.OVERWRITE);
      }
      return file;
    } catch (IOException | FSError e) { // an error is how Hadoop tells of a full local disk
      discard(first, e);
      throw e;
    }
  }

  private void discard(Path unfinished, Throwable failure) {
    try {
      files.delete(unfinished, false);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private Path file(CheckpointKey key) {
    return new Path(directory, key.fileName() + SUFFIX);
  }

  /** What was found, in the order in which it was asked for. */
  public List<CheckpointKey> reused() {
    synchronized (reused) {
      return List.copyOf(reused);
    }
  }

  /** What was there and not used, with the reasons. */
  public List<String> rejected() {
    synchronized (rejected) {
      return List.copyOf(rejected);
    }
  }
}
