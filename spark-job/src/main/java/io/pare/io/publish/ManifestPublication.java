package io.pare.io.publish;

import io.pare.InputException;
import io.pare.io.HadoopPaths;
import io.pare.io.ResultManifest;
import io.pare.io.StoredObjects;
import io.pare.io.StoredObjects.Seen;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes where no directory is renamed: on object stores. The files are written once, into a
 * folder of the run's own in the output, and read back; then {@code _SUCCESS}, the manifest that
 * leads to that folder, is made where there is none, or replaces the one that this run has found
 * when it began. That one put is what publishes, and it fails where another run has published
 * meanwhile, however late it comes. Whose answer was lost on the way is settled by reading the
 * manifest.
 *
 * <p>The folders of other runs are removed only once a manifest of this run stands, and only those
 * that were there before: a run that stalls after its put removes nothing of its successor's.
 */
final class ManifestPublication implements Publication {
  private static final Logger LOG = LoggerFactory.getLogger(ManifestPublication.class);

  private final OutputPlace place;
  private final StoredObjects objects;
  private final WorkDirectory work;
  private final IfExists ifExists;
  private final String runId;
  private final RunLock lock;
  private final Path manifestPath;
  private final Path own;

  /** Held while the manifest is written, so that its parts are not removed meanwhile. */
  private final Object committing = new Object();

  private Optional<Seen> found = Optional.empty();
  private boolean closed;

  private ManifestPublication(
      OutputPlace place, StoredObjects objects, IfExists ifExists, ResultPublisher.Run run) {
    this.place = place;
    this.objects = objects;
    this.work = new WorkDirectory(place);
    this.ifExists = ifExists;
    this.runId = run.id();
    this.lock =
        new RunLock(
            place.output(),
            new ObjectLock(objects, work.lock(), run.id()),
            LockTiming.expiringAfter(run.lockExpiry()));
    this.manifestPath = new Path(place.output(), ResultManifest.NAME);
    this.own = new Path(place.output(), ResultManifest.FOLDER + run.id());
  }

  static ManifestPublication of(
      OutputPlace place, IfExists ifExists, ResultPublisher.Run run, Configuration configuration)
      throws IOException {
    return new ManifestPublication(
        place, StoredObjects.of(place.output(), configuration), ifExists, run);
  }

  private StandingResult standing() {
    return new StandingResult(
        place.files(), place.output(), name -> name.startsWith(ResultManifest.FOLDER));
  }

  @Override
  public boolean prepare() throws IOException {
    if (isTaken() && !standing().admits(ifExists)) {
      return false;
    }
    work.requireOwnObjects();
    lock.acquire();
    found = objects.read(manifestPath);
    // Another run may have published while this one waited for the lock.
    if (isTaken() && !standing().admits(ifExists)) {
      return false;
    }
    if (found.isPresent() && !objects.replacesInOneStep(manifestPath)) {
      LOG.warn(
          "{} has no replacement with a condition: that no other run replaces {} meanwhile rests on"
              + " the lock",
          place.output().toUri().getScheme(),
          place.output());
    }
    return true;
  }

  /** Whether there is a result, or anything that no run of ours has left. */
  private boolean isTaken() throws IOException {
    return standing().manifest().isPresent() || !isEmptyBut();
  }

  /** Whether nothing is there but folders of runs and a manifest that was never completed. */
  private boolean isEmptyBut() throws IOException {
    try {
      if (place.files().getFileStatus(place.output()).isFile()) {
        return false;
      }
      return standing().foreign().isEmpty();
    } catch (FileNotFoundException e) {
      return true;
    }
  }

  @Override
  public void publish(Map<String, byte[]> contents) throws IOException {
    ResultParts parts = ResultParts.of(contents);
    ResultManifest manifest = parts.manifest(runId, Optional.of(own.getName()));
    if (!standing().manifest().equals(Optional.of(manifest))) {
      try {
        put(parts, manifest);
      } catch (FileNotFoundException e) {
        throw lost(e);
      }
    }
    place.discard(work.checkpoints());
  }

  private void put(ResultParts parts, ResultManifest manifest) throws IOException {
    // Listed first: what comes later is a successor's.
    List<Path> others = folders();
    lock.requireHeld();
    if (ifExists == IfExists.OVERWRITE && isTaken()) {
      standing().requireNothingForeign();
    }
    List<Path> flat = flat();
    parts.write(place.files(), own, ResultParts.Writing.OBJECT);
    commit(manifest);
    others.forEach(place::discard);
    flat.forEach(place::discard);
  }

  /** A missing part is how it shows that another run has published, and removed it. */
  private IOException lost(FileNotFoundException failure) throws IOException {
    lock.requireHeld();
    if (!objects.read(manifestPath).equals(found)) {
      throw publishedByAnother();
    }
    return failure;
  }

  private InputException publishedByAnother() {
    return standing().exists("published by another run meanwhile; its result stands");
  }

  /** Files of a result that was put here with all of its files side by side. */
  private List<Path> flat() throws IOException {
    Optional<ResultManifest> standing = standing().manifest();
    if (standing.isEmpty() || standing.get().folder().isPresent()) {
      return List.of();
    }
    List<Path> paths = new ArrayList<>();
    paths.add(new Path(place.output(), ResultParts.SUMS));
    for (String name : standing().listed(standing.get()).orElse(Map.of()).keySet()) {
      paths.add(new Path(place.output(), name));
    }
    return paths;
  }

  private void commit(ResultManifest manifest) throws IOException {
    synchronized (committing) {
      if (closed) {
        throw new IOException("the run ends, nothing is published");
      }
      boolean published =
          found.isPresent()
              ? objects.replace(manifestPath, manifest.text(), found.get())
              : objects.create(manifestPath, manifest.text());
      if (!published && !standing().manifest().equals(Optional.of(manifest))) {
        throw publishedByAnother();
      }
    }
  }

  /** Where the files of the result are that stands. */
  private Optional<Path> published() throws IOException {
    return standing().manifest().map(standing()::parts);
  }

  /** Folders of other runs that are there now. */
  private List<Path> folders() throws IOException {
    List<Path> folders = new ArrayList<>();
    try {
      for (FileStatus child : HadoopPaths.entries(place.files(), place.output())) {
        boolean ofRun = child.getPath().getName().startsWith(ResultManifest.FOLDER);
        if (child.isDirectory() && ofRun && !child.getPath().equals(own)) {
          folders.add(child.getPath());
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    return folders;
  }

  @Override
  public boolean clean() throws IOException {
    List<Path> left = folders();
    published().ifPresent(left::remove);
    if (left.isEmpty() && !place.exists(place.work())) {
      return false;
    }
    work.requireOwnObjects();
    lock.acquire();
    // The lock is this run's: what was there before it belongs to none that is alive.
    published().ifPresent(left::remove);
    for (Path folder : left) {
      place.remove(folder);
    }
    place.remove(work.checkpoints());
    return true;
  }

  @Override
  public void fallSilent() {
    lock.fallSilent();
  }

  @Override
  public void close() throws IOException {
    synchronized (committing) {
      closed = true;
      if (!published().equals(Optional.of(own))) {
        place.remove(own);
        place.removeIfEmpty(place.output());
      }
    }
    lock.close();
    place.removeIfEmpty(place.work());
  }
}
