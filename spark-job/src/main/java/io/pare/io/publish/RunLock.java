package io.pare.io.publish;

import io.pare.InputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.EnumSet;
import java.util.Optional;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to publish to one output, which one run at a time holds.
 *
 * <p>The lock is the directory {@code holder}, in which there is one directory that is named for
 * the run. A run makes both elsewhere and renames them into place: of several exactly one succeeds.
 * It shows that it is alive by touching a file in its directory. A run that sees no change there
 * for the whole expiry takes over; it compares what it reads with what it read before, never with a
 * clock.
 *
 * <p>The name of the directory is the fencing token. Whatever a run changes at the output it
 * changes by one rename into or out of its directory. To take over is to move that directory away,
 * and from then on the file system itself refuses these renames, however late they come.
 */
final class RunLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);

  private final OutputPlace place;
  private final WorkDirectory work;
  private final String runId;
  private final LockTiming timing;
  private final Path holder;
  private final Path claim;
  private Optional<Heartbeat> heartbeat = Optional.empty();

  RunLock(OutputPlace place, String runId, LockTiming timing) {
    this.place = place;
    this.runId = runId;
    this.timing = timing;
    this.work = new WorkDirectory(place);
    this.holder = work.holder();
    this.claim = work.claim(runId);
  }

  /** The directory of this run's own; it is there as long as the run holds the lock. */
  Path directory() {
    return new Path(holder, runId);
  }

  /** A run that holds the lock, and when it was last seen alive. */
  private record Sighting(Path run, long heartbeat) {}

  /**
   * Takes the lock, if need be after the expiry from a run that is dead. Does nothing if this run
   * holds it.
   *
   * @throws InputException if another run is alive
   */
  void acquire() throws IOException {
    Optional<Sighting> before = Optional.empty();
    long since = System.nanoTime();
    while (!place.exists(directory())) {
      Optional<Sighting> now = sighting();
      if (now.isEmpty()) {
        claim();
      } else if (!now.equals(before)) {
        refuseIfAlive(before, now.get());
        before = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since >= timing.expiry().toNanos()) {
        takeOver(now.get().run());
      } else {
        pause();
      }
    }
    if (heartbeat.isEmpty()) {
      heartbeat =
          Optional.of(
              Heartbeat.start(
                  place.files(),
                  new Path(directory(), WorkDirectory.HEARTBEAT),
                  timing.heartbeat()));
    }
  }

  private void refuseIfAlive(Optional<Sighting> before, Sighting now) {
    if (before.isPresent() && before.get().run().equals(now.run())) {
      throw InputException.usage(
          "output = "
              + place.output()
              + ": the run "
              + now.run().getName()
              + " is at work on it; wait for its end, or choose another path");
    }
    if (before.isEmpty()) {
      LOG.info(
          "the lock on {} is held by the run {}; it is taken over if that shows no sign of life"
              + " within {} s",
          place.output(),
          now.run().getName(),
          timing.expiry().toSeconds());
    }
  }

  private Optional<Sighting> sighting() throws IOException {
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
      return Optional.of(new Sighting(run, time));
    }
    return Optional.empty();
  }

  /** Tries to move a lock of this run's own into the empty place. */
  private void claim() throws IOException {
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

  private void takeOver(Path run) throws IOException {
    LOG.warn(
        "taking over the lock on {} from the run {}, silent for {} s",
        place.output(),
        run.getName(),
        timing.expiry().toSeconds());
    try {
      place.rename(run, work.dead(run.getName()));
    } catch (FileNotFoundException e) {
      LOG.debug("another run was faster, or it has ended", e);
    }
  }

  /**
   * Makes sure that this run still holds the lock.
   *
   * @throws InputException if another run has taken over
   */
  void requireHeld() throws IOException {
    if (!place.exists(directory())) {
      throw InputException.usage(
          "output = "
              + place.output()
              + ": this run was silent for more than "
              + timing.expiry().toSeconds()
              + " s and another one has taken over; what stands at the output is left as it is");
    }
  }

  private void pause() throws InterruptedIOException {
    try {
      Thread.sleep(Math.max(1, timing.heartbeat().toMillis() / 2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the lock");
    }
  }

  /** Gives no more signs of life: a lock that then cannot be freed expires. */
  void fallSilent() {
    heartbeat.ifPresent(Heartbeat::stop);
  }

  /** Frees the lock, and removes the directory of work where nothing is left in it. */
  @Override
  public void close() throws IOException {
    fallSilent();
    place.remove(claim);
    place.remove(directory());
    place.removeIfEmpty(holder);
    place.removeIfEmpty(place.work());
  }
}
