package io.pare.io.publish;

import io.pare.InputException;
import io.pare.io.HadoopFiles;
import io.pare.io.HadoopPaths;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Path;

/**
 * Which paths lie in which results, whatever names lead to them: a result is replaced as a whole,
 * so that nothing else may lie in it. Thread-safe.
 */
public final class ResultPlaces {
  private static final String LOCAL = "file";

  private final Configuration configuration;

  /** Places as this configuration sees them. */
  public ResultPlaces(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * Refuses a path that lies in a published result, at any depth.
   *
   * @param what the option that names the path
   * @throws InputException naming the result
   */
  public void requireOutsideResults(String what, String path) {
    Optional<Path> result =
        HadoopFiles.attempt(
            path,
            () -> {
              FileContext files = HadoopFiles.context(configuration, path);
              Path folder = resolved(path).getParent();
              while (folder != null && !isResult(files, folder)) {
                folder = folder.getParent();
              }
              return Optional.ofNullable(folder);
            });
    if (result.isPresent()) {
      throw InputException.usage(
          "%s = %s lies in the result %s, which stays as it was published: name another path"
              .formatted(what, path, result.get()));
    }
  }

  private static boolean isResult(FileContext files, Path folder) throws IOException {
    return new StandingResult(files, folder).manifest().isPresent();
  }

  /**
   * Refuses a path at or below an output.
   *
   * @param what the option that names the path
   */
  public void requireApart(String what, String path, String output) {
    if (!isOnSameStore(path, output)) {
      return;
    }
    Path place = HadoopFiles.attempt(output, () -> resolved(output));
    Path inner = HadoopFiles.attempt(path, () -> resolved(path));
    if (isAtOrBelow(inner, place)) {
      throw InputException.usage(
          "%s = %s lies in output = %s, which is published and replaced as a whole: choose another output, or move it"
              .formatted(what, path, output));
    }
  }

  /**
   * Links and mounts lead from one file system to another, and never to or from an object store.
   */
  private boolean isOnSameStore(String path, String output) {
    Path one = HadoopFiles.path(path);
    Path other = HadoopFiles.path(output);
    return HadoopPaths.renames(one, configuration)
        ? HadoopPaths.renames(other, configuration)
        : HadoopPaths.scheme(one, configuration).equals(HadoopPaths.scheme(other, configuration));
  }

  private static boolean isAtOrBelow(Path inner, Path outer) {
    Path each = inner;
    while (each != null && !isSame(each.toUri(), outer.toUri())) {
      each = each.getParent();
    }
    return each != null;
  }

  /** A port that one of the two leaves to its default is no difference. */
  private static boolean isSame(URI one, URI other) {
    boolean samePort = one.getPort() == other.getPort() || one.getPort() < 0 || other.getPort() < 0;
    return one.getPath().equals(other.getPath())
        && String.valueOf(one.getScheme()).equals(String.valueOf(other.getScheme()))
        && String.valueOf(one.getHost()).equalsIgnoreCase(String.valueOf(other.getHost()))
        && samePort;
  }

  /** The path in full; links of local disks and mounts of a view followed as far as it exists. */
  private Path resolved(String path) throws IOException {
    FileContext files = HadoopFiles.context(configuration, path);
    return resolved(files, files.makeQualified(HadoopFiles.path(path)));
  }

  private Path resolved(FileContext files, Path full) throws IOException {
    if (!HadoopPaths.renames(full, configuration)) {
      return full;
    }
    if (!files.util().exists(full)) {
      return full.getParent() == null
          ? full
          : HadoopPaths.below(resolved(files, full.getParent()), full.getName());
    }
    URI uri = full.toUri();
    return LOCAL.equals(uri.getScheme())
        ? new Path(
            LOCAL, uri.getAuthority(), java.nio.file.Path.of(uri.getPath()).toRealPath().toString())
        : files.resolvePath(full);
  }
}
