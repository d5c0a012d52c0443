package io.pare.io.publish;

import java.io.IOException;
import java.util.Optional;

/** Where the lock of an output lies, as one kind of file system keeps it. */
interface LockPlace {

  /**
   * A run that holds the lock.
   *
   * @param run its id
   * @param sign changes as long as it is alive
   */
  record Sighting(String run, String sign) {}

  /** Whether this run holds the lock. */
  boolean isHeld() throws IOException;

  /** Who holds it; empty if nobody does. */
  Optional<Sighting> sighting() throws IOException;

  /** Tries to take a lock that nobody holds; whether that was done says {@link #isHeld}. */
  void claim() throws IOException;

  /** Tries to take the lock from a run that is dead, or to make it free; may fail likewise. */
  void takeOver(Sighting dead) throws IOException;

  /** Gives a sign of life. */
  void beat() throws IOException;

  /** Gives the lock up, if this run holds it, and removes what it left on the way to it. */
  void free() throws IOException;
}
