package io.pare.io.publish;

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
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * A directory held against what the result in it says of itself: {@code _SUCCESS} names the hash of
 * {@code SHA256SUMS}, which names every other file and its hash.
 *
 * @param files of the file system
 * @param directory that may hold a result
 */
record StandingResult(FileContext files, Path directory) {
  private static final String RUN = "run = ";
  private static final String SUMS_HASH = "sha256sums = ";
  private static final int LONGEST_IDENTITY = 1024;
  private static final int LONGEST_SUMS = 64 << 20;

  /** Text of {@code _SUCCESS}, which identifies a result; empty if there is none. */
  Optional<String> identity() throws IOException {
    try (InputStream in = files.open(new Path(directory, StagingDirectory.SUCCESS))) {
      String text = new String(in.readNBytes(LONGEST_IDENTITY), StandardCharsets.UTF_8);
      return Optional.of(text).filter(success -> success.startsWith(RUN));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Whether a result is there with all of its files. */
  boolean isComplete() throws IOException {
    Optional<Map<String, String>> listed = listed();
    return listed.isPresent() && children().keySet().containsAll(listed.get().keySet());
  }

  /** What is there and no part of the result as it was published: names in their order. */
  List<String> foreign() throws IOException {
    Map<String, String> listed = listed().orElse(Map.of());
    List<String> foreign = new ArrayList<>();
    for (Map.Entry<String, FileStatus> child : children().entrySet()) {
      String name = child.getKey();
      if (child.getValue().isDirectory()) {
        foreign.add(name + "/");
      } else if (listed.containsKey(name)) {
        if (!hash(name).equals(listed.get(name))) {
          foreign.add(name + " (changed since)");
        }
      } else if (!name.equals(StagingDirectory.SUMS) && !name.equals(StagingDirectory.SUCCESS)) {
        foreign.add(name);
      }
    }
    return foreign;
  }

  /** The hash of each file by name, as the result has them; empty where none is there. */
  private Optional<Map<String, String>> listed() throws IOException {
    Optional<String> identity = identity();
    if (identity.isEmpty()) {
      return Optional.empty();
    }
    byte[] sums;
    try (InputStream in = files.open(new Path(directory, StagingDirectory.SUMS))) {
      sums = in.readNBytes(LONGEST_SUMS);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    if (identity.get().lines().noneMatch((SUMS_HASH + Sha256.hash(sums))::equals)) {
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

  private Map<String, FileStatus> children() throws IOException {
    Map<String, FileStatus> children = new TreeMap<>();
    RemoteIterator<FileStatus> entries = files.listStatus(directory);
    while (entries.hasNext()) {
      FileStatus entry = entries.next();
      children.put(entry.getPath().getName(), entry);
    }
    return children;
  }

  private String hash(String name) throws IOException {
    try (InputStream in = files.open(new Path(directory, name))) {
      return Sha256.hash(in);
    }
  }
}
