package io.pare.io.publish;

import io.pare.io.StoredObjects;
import io.pare.io.StoredObjects.Seen;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * The lock on an object store: one small object with the id of the run and a number that grows as a
 * sign of life. It is made where there is none, and replaced only as it was last read.
 *
 * <p>It spares two runs the same work and decides nothing: which of them publishes is up to the
 * manifest alone. Hence it does no harm that it is removed without a condition, which stores have
 * not.
 */
final class ObjectLock implements LockPlace {
  private static final String RUN = "run = ";
  private static final String SIGN = "\nsign = ";

  private final StoredObjects objects;
  private final Path path;
  private final String runId;
  private long signs;

  ObjectLock(StoredObjects objects, Path path, String runId) {
    this.objects = objects;
    this.path = path;
    this.runId = runId;
  }

  @Override
  public boolean isHeld() throws IOException {
    return own().isPresent();
  }

  private Optional<Seen> own() throws IOException {
    return objects.read(path).filter(seen -> run(seen).equals(runId));
  }

  private static String run(Seen seen) {
    int end = seen.text().indexOf(SIGN);
    return seen.text().startsWith(RUN) && end > 0
        ? seen.text().substring(RUN.length(), end)
        : "of no name";
  }

  @Override
  public Optional<Sighting> sighting() throws IOException {
    return objects.read(path).map(ObjectLock::sighting);
  }

  private static Sighting sighting(Seen seen) {
    return new Sighting(run(seen), seen.version() + " " + seen.text());
  }

  private synchronized String next() {
    signs++;
    return RUN + runId + SIGN + signs + "\n";
  }

  @Override
  public void claim() throws IOException {
    objects.create(path, next());
  }

  @Override
  public void takeOver(Sighting dead) throws IOException {
    Optional<Seen> seen = objects.read(path).filter(now -> sighting(now).equals(dead));
    if (seen.isPresent()) {
      objects.replace(path, next(), seen.get());
    }
  }

  @Override
  public void beat() throws IOException {
    Optional<Seen> seen = own();
    if (seen.isEmpty() || !objects.replace(path, next(), seen.get())) {
      throw new IOException("the lock is gone, or another run has taken over");
    }
  }

  @Override
  public void free() throws IOException {
    if (isHeld()) {
      objects.delete(path);
    }
  }
}
