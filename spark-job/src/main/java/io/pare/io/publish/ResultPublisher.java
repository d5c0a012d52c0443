package io.pare.io.publish;

import io.pare.InputException;
import io.pare.io.HadoopFiles;
import io.pare.io.HadoopPaths;
import io.pare.io.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a result as a directory that appears complete or not at all: by one rename of it where
 * the file system has such a rename ({@link RenamePublication}), else by one small file that leads
 * to all others ({@link ManifestPublication}).
 *
 * <p>The run takes a lock on the output first. One publisher for one run. {@link #close} may be
 * called by any thread, as when the process is told to end; nothing else may.
 */
public final class ResultPublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ResultPublisher.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private final ResultPlaces places;
  private final OutputPlace place;
  private final WorkDirectory work;
  private final Publication publication;
  private final ShutdownHook freeAtShutdown;
  private boolean closed;

  /**
   * A publisher of one result.
   *
   * @param path Hadoop path of the directory to publish
   * @param runId tells this run from every other; letters, digits, {@code . _ -}
   * @throws InputException if nothing can be published there, whatever it is
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
    this.publication =
        HadoopPaths.renames(place.output(), configuration)
            ? new RenamePublication(place, ifExists, run)
            : HadoopFiles.attempt(
                path, () -> ManifestPublication.of(place, ifExists, run, configuration));
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
          boolean prepared = publication.prepare();
          if (prepared) {
            freeAtShutdown.register();
          }
          return prepared;
        });
  }

  /**
   * To be called before {@link #prepare}: makes sure that what the run reads does not lie in what
   * it publishes, and that the output does not lie in another result.
   *
   * @param inputs Hadoop paths by the option that names them
   * @throws InputException naming the first that does
   */
  public void requireApart(Map<String, String> inputs) {
    String output = place.output().toString();
    inputs.forEach((what, path) -> places.requireApart(what, path, output));
    places.requireOutsideResults("output", output);
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
      if (!NAME.matcher(name).matches() || name.equals(ResultParts.SUMS)) {
        throw new IllegalArgumentException("a result cannot have a file named " + name);
      }
    }
    return attempt(
        () -> {
          publication.publish(contents);
          return new PublishedResult(place.output().toString(), ResultParts.hashes(contents));
        });
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
    return attempt(publication::clean);
  }

  /** Where finished parts wait for the next run; empty where there are none. */
  public Optional<String> kept() {
    return attempt(() -> place.exists(work.checkpoints()))
        ? Optional.of(place.work().toString())
        : Optional.empty();
  }

  private <T> T attempt(HadoopFiles.Action<T> action) {
    return HadoopFiles.attempt(place.output().toString(), action);
  }

  private void stop() {
    LOG.warn(
        "stopped before the end: the lock on {} is freed, checkpoints are kept", place.output());
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
    publication.fallSilent();
    try {
      Retry.STANDARD.call(
          place.output().toString(),
          () -> {
            publication.close();
            return closed;
          });
    } catch (IOException e) {
      LOG.warn("the lock on {} could not be freed; it expires", place.output(), e);
    }
  }
}
