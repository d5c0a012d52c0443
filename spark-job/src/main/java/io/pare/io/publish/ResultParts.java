package io.pare.io.publish;

import io.pare.io.ResultManifest;
import io.pare.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Path;

/**
 * The files of one result: those that were given, and {@code SHA256SUMS} with the hash of each.
 *
 * @param contents by name
 */
record ResultParts(Map<String, byte[]> contents) {
  static final String SUMS = "SHA256SUMS";

  /** How a file comes to be. */
  enum Writing {
    /**
     * In a directory that is there, and once: another writer's open file must not be taken over.
     */
    FILE,
    /** Seen once it is closed, whole; a repeated attempt replaces it. */
    OBJECT
  }

  /** Adds the sums. */
  static ResultParts of(Map<String, byte[]> contents) {
    Map<String, byte[]> all = new TreeMap<>(contents);
    StringBuilder text = new StringBuilder();
    new TreeMap<>(hashes(contents))
        .forEach((name, hash) -> text.append(hash).append("  ").append(name).append('\n'));
    all.put(SUMS, text.toString().getBytes(StandardCharsets.UTF_8));
    return new ResultParts(all);
  }

  /** The hash of each file in lower-case hexadecimal, by name. */
  static Map<String, String> hashes(Map<String, byte[]> contents) {
    Map<String, String> hashes = new TreeMap<>();
    contents.forEach((name, content) -> hashes.put(name, Sha256.hash(content)));
    return hashes;
  }

  /** What identifies them, published by a run. */
  ResultManifest manifest(String runId, Optional<String> folder) {
    return new ResultManifest(runId, Sha256.hash(contents.get(SUMS)), folder);
  }

  /** Writes and verifies all of them in a directory of the run's own. */
  void write(FileContext files, Path directory, Writing how) throws IOException {
    for (Map.Entry<String, byte[]> file : contents.entrySet()) {
      write(open(files, new Path(directory, file.getKey()), how), file.getValue(), how);
      verify(files, new Path(directory, file.getKey()), file.getValue());
    }
  }

  /** Writes and verifies {@code _SUCCESS} in a directory, after all other files. */
  static void writeManifest(FileContext files, Path directory, ResultManifest manifest)
      throws IOException {
    byte[] text = manifest.text().getBytes(StandardCharsets.UTF_8);
    new ResultParts(Map.of(ResultManifest.NAME, text)).write(files, directory, Writing.FILE);
  }

  private static FSDataOutputStream open(FileContext files, Path file, Writing how)
      throws IOException {
    return how == Writing.FILE
        ? files.create(file, EnumSet.of(CreateFlag.CREATE), CreateOpts.donotCreateParent())
        : files.create(
            file, EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE), CreateOpts.createParent());
  }

  private static void write(FSDataOutputStream out, byte[] content, Writing how)
      throws IOException {
    // Not try-with-resources: after a failure close throws the same exception again, which cannot
    // be suppressed by itself.
    try {
      out.write(content);
      if (how == Writing.FILE) {
        out.hsync();
      }
    } finally {
      out.close();
    }
  }

  /** A file system over its quota may leave a closed, truncated file: existence proves nothing. */
  private static void verify(FileContext files, Path file, byte[] content) throws IOException {
    String expected = Sha256.hash(content);
    long length = files.getFileStatus(file).getLen();
    String found;
    try (InputStream in = files.open(file)) {
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
