package io.pare.io.publish;

import io.pare.InputException;
import io.pare.io.ResultManifest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.AccessControlException;

/**
 * Publishes where a rename is one step. The files are written into a directory of the run's own
 * beside the output, closed, read back and verified; {@code _SUCCESS} is the last of them; then one
 * rename makes all of it visible. Where the outcome of the rename is unknown, what stands at the
 * output decides. A run that has lost its lock to another can no longer change anything: see {@link
 * DirectoryLock}.
 *
 * <p>An output that is overwritten is moved aside first and removed once the new one is in place; a
 * run that finds only the one moved aside, because another was killed between the two steps, moves
 * it back.
 */
final class RenamePublication implements Publication {
  private final OutputPlace place;
  private final WorkDirectory work;
  private final Path output;
  private final IfExists ifExists;
  private final String runId;
  private final RunLock lock;
  private final Path staging;
  private final Path replaced;

  RenamePublication(OutputPlace place, IfExists ifExists, ResultPublisher.Run run) {
    this.place = place;
    this.work = new WorkDirectory(place);
    this.output = place.output();
    this.ifExists = ifExists;
    this.runId = run.id();
    DirectoryLock directory = new DirectoryLock(place, run.id());
    this.lock = new RunLock(output, directory, LockTiming.expiringAfter(run.lockExpiry()));
    this.staging = new Path(directory.directory(), WorkDirectory.STAGING);
    this.replaced = new Path(directory.directory(), WorkDirectory.REPLACED);
  }

  @Override
  public boolean prepare() throws IOException {
    if (place.exists(output) && !place.standing().admits(ifExists)) {
      return false;
    }
    try {
      work.requireOwn();
      lock.acquire();
      recover();
      // Another run may have published while this one waited for the lock.
      if (place.exists(output) && !place.standing().admits(ifExists)) {
        return false;
      }
      makeStaging();
    } catch (FileNotFoundException e) {
      throw lost(e);
    } catch (AccessControlException e) {
      throw InputException.usage("output = " + output + " cannot be written: " + e.getMessage());
    }
    return true;
  }

  /** Makes the directory anew; what it is in must be there. */
  private void makeStaging() throws IOException {
    place.remove(staging);
    place.files().mkdir(staging, FsPermission.getDirDefault(), false);
  }

  /** Moves back a result that a killed run had moved aside, and removes what else it left. */
  private void recover() throws IOException {
    for (Path dead : work.dead()) {
      Path aside = new Path(dead, WorkDirectory.REPLACED);
      if (place.exists(aside) && !place.exists(output)) {
        place.rename(aside, output);
      }
      place.remove(dead);
    }
  }

  @Override
  public void publish(Map<String, byte[]> contents) throws IOException {
    ResultParts parts = ResultParts.of(contents);
    ResultManifest manifest = parts.manifest(runId, Optional.empty());
    if (!place.standing().manifest().equals(Optional.of(manifest))) {
      put(parts, manifest);
    }
    place.discard(work.checkpoints());
  }

  private void put(ResultParts parts, ResultManifest manifest) throws IOException {
    lock.requireHeld();
    try {
      makeStaging();
      parts.write(place.files(), staging, ResultParts.Writing.FILE);
      ResultParts.writeManifest(place.files(), staging, manifest);
      moveIntoPlace(manifest);
    } catch (FileNotFoundException e) {
      throw lost(e);
    }
  }

  /** A missing directory is how it shows that another run has moved it away meanwhile. */
  private IOException lost(FileNotFoundException failure) throws IOException {
    lock.requireHeld();
    return failure;
  }

  private void moveIntoPlace(ResultManifest manifest) throws IOException {
    try {
      if (ifExists == IfExists.OVERWRITE && place.exists(output)) {
        place.standing().requireNothingForeign();
        place.rename(output, replaced);
      }
      place.rename(staging, output);
    } catch (IOException e) {
      if (place.standing().manifest().equals(Optional.of(manifest))) {
        return;
      }
      restore(e);
      if (e instanceof FileAlreadyExistsException) {
        throw place.standing().exists("published by another run meanwhile; its result stands");
      }
      throw e;
    }
  }

  private void restore(IOException failure) {
    try {
      restore();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private void restore() throws IOException {
    if (place.exists(replaced) && !place.exists(output)) {
      place.rename(replaced, output);
    }
  }

  @Override
  public boolean clean() throws IOException {
    if (!place.exists(place.work())) {
      return false;
    }
    work.requireOwn();
    lock.acquire();
    recover();
    work.removeParts();
    return true;
  }

  @Override
  public void fallSilent() {
    lock.fallSilent();
  }

  @Override
  public void close() throws IOException {
    restore();
    lock.close();
    place.removeIfEmpty(place.work());
  }
}
