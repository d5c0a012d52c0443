package io.pare.io.publish;

import io.pare.InputException;
import io.pare.io.HadoopPaths;
import io.pare.io.ResultManifest;
import io.pare.io.Sha256;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory held against what the result in it says of itself: {@code _SUCCESS} names the hash of
 * {@code SHA256SUMS}, which names every other file and its hash. Whether a result is complete, each
 * of its files is asked for by name: a listing may be one of a moment ago.
 *
 * @param files of the file system
 * @param directory that may hold a result
 * @param ofRuns whether a name in it is that of a folder in which a run works
 */
record StandingResult(FileContext files, Path directory, Predicate<String> ofRuns) {
  private static final Logger LOG = LoggerFactory.getLogger(StandingResult.class);
  private static final int LONGEST_SUMS = 64 << 20;
  private static final int NAMED = 5;

  /** A directory in which no run works. */
  StandingResult(FileContext files, Path directory) {
    this(files, directory, name -> false);
  }

  /** What identifies a result; empty if there is none. */
  Optional<ResultManifest> manifest() throws IOException {
    return ResultManifest.read(() -> files.open(new Path(directory, ResultManifest.NAME)));
  }

  /** Where the files of a result are: in the directory itself, or in that of its run. */
  Path parts(ResultManifest manifest) {
    return manifest.folder().map(folder -> new Path(directory, folder)).orElse(directory);
  }

  /** Whether a result is there with all of its files. */
  boolean isComplete() throws IOException {
    Optional<ResultManifest> manifest = manifest();
    if (manifest.isEmpty()) {
      return false;
    }
    Optional<Map<String, String>> listed = listed(manifest.get());
    if (listed.isEmpty()) {
      return false;
    }
    for (String name : listed.get().keySet()) {
      if (!files.util().exists(new Path(parts(manifest.get()), name))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Makes sure that a result may be replaced or left: it is to be one, complete, and to be replaced
   * only with nothing else in its place, which would be removed with it.
   *
   * @return whether it is replaced
   * @throws InputException saying why it is neither
   */
  boolean admits(IfExists ifExists) throws IOException {
    if (ifExists == IfExists.FAIL) {
      throw exists("choose another path, or give --if-exists skip or overwrite");
    }
    if (!isComplete()) {
      throw exists("and holds no complete result of Pare; remove it or choose another path");
    }
    if (ifExists == IfExists.OVERWRITE) {
      requireNothingForeign();
    }
    return ifExists == IfExists.OVERWRITE;
  }

  /**
   * Makes sure that nothing is removed with a result that it does not list itself.
   *
   * @throws InputException naming the first of what it does not
   */
  void requireNothingForeign() throws IOException {
    List<String> foreign = foreign();
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

  /** What is said of an output that is in the way. */
  InputException exists(String remedy) {
    return InputException.usage("output = " + directory + " exists: " + remedy);
  }

  /** What is there and no part of the result as it was published: names in their order. */
  List<String> foreign() throws IOException {
    Optional<ResultManifest> manifest = manifest();
    if (manifest.isEmpty()) {
      return foreign(directory, Map.of());
    }
    Path parts = parts(manifest.get());
    List<String> foreign = foreign(parts, listed(manifest.get()).orElse(Map.of()));
    if (!parts.equals(directory)) {
      foreign.addAll(foreign(directory, Map.of()));
      foreign.remove(parts.getName() + "/");
    }
    return foreign;
  }

  private List<String> foreign(Path place, Map<String, String> listed) throws IOException {
    List<String> foreign = new ArrayList<>();
    for (Map.Entry<String, FileStatus> child : children(place).entrySet()) {
      String name = child.getKey();
      if (child.getValue().isDirectory()) {
        if (!ofRuns.test(name)) {
          foreign.add(name + "/");
        }
      } else if (listed.containsKey(name)) {
        if (!hash(new Path(place, name)).equals(listed.get(name))) {
          foreign.add(name + " (changed since)");
        }
      } else if (!name.equals(ResultParts.SUMS) && !name.equals(ResultManifest.NAME)) {
        foreign.add(name);
      }
    }
    return foreign;
  }

  /** The hash of each file by name, as the result has them; empty where none is there. */
  Optional<Map<String, String>> listed(ResultManifest manifest) throws IOException {
    byte[] sums;
    try (InputStream in = files.open(new Path(parts(manifest), ResultParts.SUMS))) {
      sums = in.readNBytes(LONGEST_SUMS);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    if (!manifest.sums().equals(Sha256.hash(sums))) {
      return Optional.empty();
    }
    Map<String, String> listed = new TreeMap<>();
    for (String line : new String(sums, StandardCharsets.UTF_8).lines().toList()) {
      String[] parts = line.split("  ", 2);
      if (parts.length == 2) {
        listed.put(parts[1], parts[0]);
      }
    }
    return Optional.of(listed);
  }

  private Map<String, FileStatus> children(Path place) throws IOException {
    Map<String, FileStatus> children = new TreeMap<>();
    try {
      for (FileStatus entry : HadoopPaths.entries(files, place)) {
        children.put(entry.getPath().getName(), entry);
      }
    } catch (
        FileNotFoundException e) { // as a store says of a folder whose objects it does not list
      LOG.debug("{} is not listed", place, e);
    }
    return children;
  }

  private String hash(Path file) throws IOException {
    try (InputStream in = files.open(file)) {
      return Sha256.hash(in);
    }
  }
}
