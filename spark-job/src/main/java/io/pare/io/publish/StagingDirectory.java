package io.pare.io.publish;

import io.pare.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * A directory of one run's own in which a result is put together and verified.
 *
 * <p>{@code _SUCCESS} is written last and holds the run's id and the hash of {@code SHA256SUMS},
 * which holds the hash of every other file: its text identifies the whole result.
 */
final class StagingDirectory {
  static final String SUCCESS = "_SUCCESS";
  static final String SUMS = "SHA256SUMS";

  private final OutputPlace place;
  private final Path path;
  private final String runId;

  StagingDirectory(OutputPlace place, Path path, String runId) {
    this.place = place;
    this.path = path;
    this.runId = runId;
  }

  Path path() {
    return path;
  }

  /** Makes the directory anew; what it is in must be there. */
  void create() throws IOException {
    place.remove(path);
    place.files().mkdir(path, FsPermission.getDirDefault(), false);
  }

  /** The hash of each file in lower-case hexadecimal, by name. */
  static Map<String, String> hashes(Map<String, byte[]> contents) {
    Map<String, String> hashes = new TreeMap<>();
    contents.forEach((name, content) -> hashes.put(name, Sha256.hash(content)));
    return hashes;
  }

  /** Writes and verifies all files, {@code SHA256SUMS} and {@code _SUCCESS} after them. */
  void write(Map<String, byte[]> contents) throws IOException {
    for (Map.Entry<String, byte[]> file : new TreeMap<>(contents).entrySet()) {
      write(file.getKey(), file.getValue());
    }
    byte[] sums = sums(hashes(contents));
    write(SUMS, sums);
    write(SUCCESS, success(Sha256.hash(sums)));
  }

  /** The text of {@code _SUCCESS} for files with these hashes. */
  String identity(Map<String, String> hashes) {
    return new String(success(Sha256.hash(sums(hashes))), StandardCharsets.UTF_8);
  }

  private byte[] success(String hashOfSums) {
    return ("run = " + runId + "\nsha256sums = " + hashOfSums + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] sums(Map<String, String> hashes) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(hashes)
        .forEach((name, hash) -> text.append(hash).append("  ").append(name).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void write(String name, byte[] content) throws IOException {
    Path file = new Path(path, name);
    // Without OVERWRITE: another writer's open file must not be taken over.
    FSDataOutputStream out =
        place.files().create(file, EnumSet.of(CreateFlag.CREATE), CreateOpts.donotCreateParent());
    // Not try-with-resources: after a failure close throws the same exception again, which cannot
    // be suppressed by itself.
    try {
      out.write(content);
      out.hsync();
    } finally {
      out.close();
    }
    verify(file, content);
  }

  /** A file system over its quota may leave a closed, truncated file: existence proves nothing. */
  private void verify(Path file, byte[] content) throws IOException {
    String expected = Sha256.hash(content);
    long length = place.files().getFileStatus(file).getLen();
    String found;
    try (InputStream in = place.files().open(file)) {
      found = Sha256.hash(in);
    }
    if (length != content.length || !found.equals(expected)) {
      throw new IOException(
          file
              + " reads back as "
              + length
              + " bytes with SHA-256 "
              + found
              + "; written were "
              + content.length
              + " bytes with SHA-256 "
              + expected);
    }
  }
}
