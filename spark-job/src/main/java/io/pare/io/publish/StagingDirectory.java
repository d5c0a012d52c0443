package io.pare.io.publish;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * A directory of one run's own in which a result is put together and verified. Its name starts with
 * a dot, so that Spark and Hive do not list it as data.
 *
 * <p>{@code _SUCCESS} is written last and holds the run's id and the hash of {@code SHA256SUMS},
 * which holds the hash of every other file: its text identifies the whole result.
 */
final class StagingDirectory {
  static final String SUCCESS = "_SUCCESS";
  static final String SUMS = "SHA256SUMS";

  private static final FsPermission FILE = new FsPermission((short) 0644);
  private static final FsPermission DIRECTORY = new FsPermission((short) 0755);

  private final FileContext files;
  private final Path path;
  private final String runId;

  StagingDirectory(FileContext files, Path path, String runId) {
    this.files = files;
    this.path = path;
    this.runId = runId;
  }

  Path path() {
    return path;
  }

  /** Makes the directory anew, and its parents where they are missing. */
  void create() throws IOException {
    delete();
    createParents(path.getParent());
    files.mkdir(path, DIRECTORY, false);
  }

  /**
   * Creates the missing parents one by one: made implicitly, they would ignore the umask that is
   * configured.
   */
  private void createParents(Path parent) throws IOException {
    if (parent == null || files.util().exists(parent)) {
      return;
    }
    createParents(parent.getParent());
    files.mkdir(parent, DIRECTORY, true);
  }

  /**
   * Writes and verifies all files, {@code SHA256SUMS} and {@code _SUCCESS} after them.
   *
   * @return the hash of each file, and the text that identifies the result
   */
  Map<String, String> write(Map<String, byte[]> contents) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    for (Map.Entry<String, byte[]> file : new TreeMap<>(contents).entrySet()) {
      hashes.put(file.getKey(), write(file.getKey(), file.getValue()));
    }
    write(SUCCESS, success(write(SUMS, sums(hashes))));
    return hashes;
  }

  /** The text of {@code _SUCCESS} for files with these hashes. */
  String identity(Map<String, String> hashes) {
    return new String(success(hash(sums(hashes))), StandardCharsets.UTF_8);
  }

  void delete() throws IOException {
    if (files.util().exists(path)) {
      files.delete(path, true);
    }
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

  private String write(String name, byte[] content) throws IOException {
    Path file = new Path(path, name);
    // Without OVERWRITE: another writer's open file must not be taken over.
    FSDataOutputStream out =
        files.create(
            file,
            EnumSet.of(CreateFlag.CREATE),
            CreateOpts.perms(FILE),
            CreateOpts.donotCreateParent());
    // Not try-with-resources: after a failure close throws the same exception again, which cannot
    // be suppressed by itself.
    try {
      out.write(content);
      out.hsync();
    } finally {
      out.close();
    }
    return verified(file, content);
  }

  /** A file system over its quota may leave a closed, truncated file: existence proves nothing. */
  private String verified(Path file, byte[] content) throws IOException {
    String expected = hash(content);
    long length = files.getFileStatus(file).getLen();
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(files.open(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    String found = HexFormat.of().formatHex(digest.digest());
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
    return expected;
  }

  private static String hash(byte[] content) {
    return HexFormat.of().formatHex(sha256().digest(content));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
