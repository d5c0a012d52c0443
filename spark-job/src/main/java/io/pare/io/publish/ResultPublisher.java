package io.pare.io.publish;

import io.pare.InputException;
import io.pare.io.HadoopFiles;
import io.pare.io.Retry;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a result as a directory that appears complete or not at all.
 *
 * <p>The run takes a lock on the output first. The files are written into a directory of its own
 * beside the output, closed, read back and verified; {@code _SUCCESS} is the last of them; then one
 * rename, which the file system carries out as one step, makes all of it visible. Where the outcome
 * of the rename is unknown, what stands at the output decides. A run that has lost its lock to
 * another can no longer change anything: see {@link RunLock}.
 *
 * <p>An output that is overwritten is moved aside first and removed once the new one is in place; a
 * run that finds only the one moved aside, because another was killed between the two steps, moves
 * it back.
 *
 * <p>One publisher for one run. {@link #close} may be called by any thread, as when the process is
 * told to end; nothing else may.
 */
public final class ResultPublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ResultPublisher.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final int NAMED = 5;

  private final ResultPlaces places;
  private final OutputPlace place;
  private final WorkDirectory work;
  private final Path output;
  private final IfExists ifExists;
  private final RunLock lock;
  private final StagingDirectory staging;
  private final Path replaced;
  private final ShutdownHook freeAtShutdown;
  private boolean closed;

  /**
   * A publisher of one result.
   *
   * @param path Hadoop path of the directory to publish
   * @param runId tells this run from every other; letters, digits, {@code . _ -}
   * @throws InputException if the file system has no atomic rename
   */
  public ResultPublisher(
      Configuration configuration, String path, IfExists ifExists, String runId) {
    this(configuration, path, ifExists, new Run(runId, Duration.ofSeconds(30)));
  }

  /**
   * Who publishes.
   *
   * @param id tells this run from every other; letters, digits, {@code . _ -}
   * @param lockExpiry silence after which this run takes another one for dead
   */
  public record Run(String id, Duration lockExpiry) {

    /** Checks that the id can be part of a file name. */
    public Run {
      if (!NAME.matcher(id).matches()) {
        throw new IllegalArgumentException("a run id cannot be part of a file name: " + id);
      }
    }
  }

  /**
   * As {@link #ResultPublisher(Configuration, String, IfExists, String)}, with an expiry of the
   * lock other than 30 s.
   */
  public ResultPublisher(Configuration configuration, String path, IfExists ifExists, Run run) {
    this.places = new ResultPlaces(configuration);
    this.place = OutputPlace.of(configuration, path);
    this.work = new WorkDirectory(place);
    this.output = place.output();
    this.ifExists = ifExists;
    this.lock = new RunLock(place, run.id(), LockTiming.expiringAfter(run.lockExpiry()));
    this.staging =
        new StagingDirectory(place, new Path(lock.directory(), WorkDirectory.STAGING), run.id());
    this.replaced = new Path(lock.directory(), WorkDirectory.REPLACED);
    this.freeAtShutdown = new ShutdownHook(this::stop);
  }

  /** Where checkpoints of runs with this output are kept until one of them has published. */
  public String checkpoints() {
    return work.checkpoints().toString();
  }

  /**
   * To be called before anything is computed: decides what is to be done about an existing output,
   * takes the lock and makes sure that the output can be written.
   *
   * @return whether there is anything to do; not, if a result is there that is to be left as it is
   * @throws InputException if the output exists and is not to be replaced, may not be written, or
   *     another run is at work on it
   */
  public boolean prepare() {
    return attempt(
        () -> {
          if (place.exists(output) && !admits()) {
            return false;
          }
          try {
            work.requireOwn();
            lock.acquire();
            recover();
            // Another run may have published while this one waited for the lock.
            if (place.exists(output) && !admits()) {
              return false;
            }
            staging.create();
            freeAtShutdown.register();
          } catch (FileNotFoundException e) {
            throw lost(e);
          } catch (AccessControlException e) {
            throw InputException.usage(
                "output = " + output + " cannot be written: " + e.getMessage());
          }
          return true;
        });
  }

  /** Whether an existing output may be replaced; otherwise it is left alone. */
  private boolean admits() throws IOException {
    if (ifExists == IfExists.FAIL) {
      throw exists("choose another path, or give --if-exists skip or overwrite");
    }
    if (!place.standing().isComplete()) {
      throw exists("and holds no complete result of Pare; remove it or choose another path");
    }
    if (ifExists == IfExists.OVERWRITE) {
      requireNothingForeign();
    }
    return ifExists == IfExists.OVERWRITE;
  }

  /** An overwritten result is removed: what it does not list itself must not go with it. */
  private void requireNothingForeign() throws IOException {
    List<String> foreign = place.standing().foreign();
    if (!foreign.isEmpty()) {
      String first = String.join(", ", foreign.subList(0, Math.min(NAMED, foreign.size())));
      throw exists(
          "and holds %d files or folders that are no part of its result: %s%s; move them away or choose another path"
              .formatted(
                  foreign.size(),
                  first,
                  foreign.size() > NAMED ? " and %d more".formatted(foreign.size() - NAMED) : ""));
    }
  }

  /**
   * To be called before {@link #prepare}: makes sure that what the run reads does not lie in what
   * it publishes, and that the output does not lie in another result.
   *
   * @param inputs Hadoop paths by the option that names them
   * @throws InputException naming the first that does
   */
  public void requireApart(Map<String, String> inputs) {
    inputs.forEach((what, path) -> places.requireApart(what, path, output.toString()));
    places.requireOutsideResults("output", output.toString());
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

  /**
   * Publishes the files.
   *
   * @param contents by file name: letters, digits, {@code . _ -}
   * @throws InputException if another run has published to the path first or has taken over the
   *     lock
   */
  public PublishedResult publish(Map<String, byte[]> contents) {
    for (String name : contents.keySet()) {
      if (!NAME.matcher(name).matches() || name.equals(StagingDirectory.SUMS)) {
        throw new IllegalArgumentException("a result cannot have a file named " + name);
      }
    }
    Map<String, String> hashes = StagingDirectory.hashes(contents);
    String identity = staging.identity(hashes);
    return attempt(
        () -> {
          // A repeated attempt may find that the one before has succeeded.
          if (!identity().equals(Optional.of(identity))) {
            put(contents, identity);
          }
          removeCheckpoints();
          return new PublishedResult(output.toString(), hashes);
        });
  }

  private void put(Map<String, byte[]> contents, String identity) throws IOException {
    lock.requireHeld();
    try {
      staging.create();
      staging.write(contents);
      moveIntoPlace(identity);
    } catch (FileNotFoundException e) {
      throw lost(e);
    }
  }

  /** A missing directory is how it shows that another run has moved it away meanwhile. */
  private IOException lost(FileNotFoundException failure) throws IOException {
    lock.requireHeld();
    return failure;
  }

  private void moveIntoPlace(String identity) throws IOException {
    try {
      if (ifExists == IfExists.OVERWRITE && place.exists(output)) {
        requireNothingForeign();
        place.rename(output, replaced);
      }
      place.rename(staging.path(), output);
    } catch (IOException e) {
      if (identity().equals(Optional.of(identity))) {
        return;
      }
      restore(e);
      if (e instanceof FileAlreadyExistsException) {
        throw exists("published by another run meanwhile; its result stands");
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

  /**
   * To be called in place of {@link #prepare}: removes the directory in which runs with this output
   * have worked, and with it what they had finished. A result that a killed run had moved aside is
   * moved back first.
   *
   * @return whether there was one
   * @throws InputException if a run is at work on the output
   */
  public boolean clean() {
    return attempt(
        () -> {
          if (!place.exists(place.work())) {
            return false;
          }
          work.requireOwn();
          lock.acquire();
          recover();
          work.removeParts();
          return true;
        });
  }

  /** Where finished parts wait for the next run; empty where there are none. */
  public Optional<String> kept() {
    return attempt(
        () ->
            place.exists(work.checkpoints())
                ? Optional.of(place.work().toString())
                : Optional.empty());
  }

  /** What cannot be removed now goes with the next run: the result stands already. */
  private void removeCheckpoints() {
    Path checkpoints = work.checkpoints();
    try {
      place.remove(checkpoints);
    } catch (IOException e) {
      LOG.warn("{} could not be removed", checkpoints, e);
    }
  }

  /** What identifies the result at the output; empty if there is none. */
  private Optional<String> identity() throws IOException {
    return place.standing().identity();
  }

  private <T> T attempt(HadoopFiles.Action<T> action) {
    return HadoopFiles.attempt(output.toString(), action);
  }

  private InputException exists(String remedy) {
    return InputException.usage("output = " + output + " exists: " + remedy);
  }

  private void stop() {
    LOG.warn("stopped before the end: the lock on {} is freed, checkpoints are kept", output);
    close();
  }

  /**
   * Removes what an unpublished result left in the run's own directory, and frees the lock. What
   * cannot be removed goes with the next run.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    freeAtShutdown.remove();
    lock.fallSilent();
    try {
      Retry.STANDARD.call(
          output.toString(),
          () -> {
            restore();
            lock.close();
            return output;
          });
    } catch (IOException e) {
      LOG.warn("the lock on {} could not be freed; it expires", output, e);
    }
  }
}
