package io.pare.io.publish;

import io.pare.InputException;
import io.pare.io.publish.LockPlace.Sighting;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to publish to one output, which one run at a time holds. A run that sees no sign of
 * life of another for the whole expiry takes over; it compares what it reads with what it read
 * before, never with a clock.
 */
final class RunLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);

  private final Path output;
  private final LockPlace place;
  private final LockTiming timing;
  private Optional<Heartbeat> heartbeat = Optional.empty();

  /**
   * A lock that nobody has asked for yet.
   *
   * @param output what it is on, in full
   * @param place where it lies
   */
  RunLock(Path output, LockPlace place, LockTiming timing) {
    this.output = output;
    this.place = place;
    this.timing = timing;
  }

  /**
   * Takes the lock, if need be after the expiry from a run that is dead. Does nothing if this run
   * holds it.
   *
   * @throws InputException if another run is alive
   */
  void acquire() throws IOException {
    Optional<Sighting> before = Optional.empty();
    long since = System.nanoTime();
    while (!place.isHeld()) {
      Optional<Sighting> now = place.sighting();
      if (now.isEmpty()) {
        place.claim();
      } else if (!now.equals(before)) {
        refuseIfAlive(before, now.get());
        before = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since >= timing.expiry().toNanos()) {
        LOG.warn(
            "taking over the lock on {} from the run {}, silent for {} s",
            output,
            now.get().run(),
            timing.expiry().toSeconds());
        place.takeOver(now.get());
      } else {
        pause();
      }
    }
    if (heartbeat.isEmpty()) {
      heartbeat = Optional.of(Heartbeat.start(place, timing.heartbeat()));
    }
  }

  private void refuseIfAlive(Optional<Sighting> before, Sighting now) {
    if (before.isPresent() && before.get().run().equals(now.run())) {
      throw InputException.usage(
          "output = "
              + output
              + ": the run "
              + now.run()
              + " is at work on it; wait for its end, or choose another path");
    }
    if (before.isEmpty()) {
      LOG.info(
          "the lock on {} is held by the run {}; it is taken over if that shows no sign of life"
              + " within {} s",
          output,
          now.run(),
          timing.expiry().toSeconds());
    }
  }

  /**
   * Makes sure that this run still holds the lock.
   *
   * @throws InputException if another run has taken over
   */
  void requireHeld() throws IOException {
    if (!place.isHeld()) {
      throw InputException.usage(
          "output = "
              + output
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

  /** Frees the lock. */
  @Override
  public void close() throws IOException {
    fallSilent();
    place.free();
  }
}
