package io.pare.io.publish;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock where a rename is one step: the directory {@code holder}, in which there is one
 * directory that is named for the run. A run makes both elsewhere and renames them into place: of
 * several exactly one succeeds. It shows that it is alive by touching a file in its directory.
 *
 * <p>The name of the directory is the fencing token. Whatever a run changes at the output it
 * changes by one rename into or out of its directory. To take over is to move that directory away,
 * and from then on the file system itself refuses these renames, however late they come.
 */
final class DirectoryLock implements LockPlace {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryLock.class);
  private static final long UNCHANGED = -1;

  private final OutputPlace place;
  private final WorkDirectory work;
  private final String runId;
  private final Path holder;
  private final Path claim;

  DirectoryLock(OutputPlace place, String runId) {
    this.place = place;
    this.runId = runId;
    this.work = new WorkDirectory(place);
    this.holder = work.holder();
    this.claim = work.claim(runId);
  }

  /** The directory of this run's own; it is there as long as the run holds the lock. */
  Path directory() {
    return new Path(holder, runId);
  }

  @Override
  public boolean isHeld() throws IOException {
    return place.exists(directory());
  }

  @Override
  public Optional<Sighting> sighting() throws IOException {
    for (Path run : place.children(holder)) {
      long time;
      try {
        time =
            place
                .files()
                .getFileStatus(new Path(run, WorkDirectory.HEARTBEAT))
                .getModificationTime();
      } catch (FileNotFoundException e) {
        time = -1;
      }
      return Optional.of(new Sighting(run.getName(), Long.toString(time)));
    }
    return Optional.empty();
  }

  /** Tries to move a lock of this run's own into the empty place. */
  @Override
  public void claim() throws IOException {
    place.removeIfEmpty(holder);
    Path own = new Path(claim, runId);
    place.makeDirectories(own);
    try {
      place
          .files()
          .create(
              new Path(own, WorkDirectory.HEARTBEAT),
              EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE),
              CreateOpts.donotCreateParent())
          .close();
      place.rename(claim, holder);
    } catch (FileAlreadyExistsException | FileNotFoundException e) {
      LOG.debug("another run was faster, or has cleared the directory of work", e);
    }
  }

  @Override
  public void takeOver(Sighting dead) throws IOException {
    try {
      place.rename(new Path(holder, dead.run()), work.dead(dead.run()));
    } catch (FileNotFoundException e) {
      LOG.debug("another run was faster, or it has ended", e);
    }
  }

  @Override
  public void beat() throws IOException {
    place
        .files()
        .setTimes(
            new Path(directory(), WorkDirectory.HEARTBEAT), System.currentTimeMillis(), UNCHANGED);
  }

  @Override
  public void free() throws IOException {
    place.remove(claim);
    place.remove(directory());
    place.removeIfEmpty(holder);
  }
}
