package io.pare.io;

import io.pare.InputException;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Reads the files beside a network that hold its large tensors. Their names come out of the network
 * and are not trusted: nothing outside the network's folder is read, and no symbolic link is
 * followed. Safe for use by several threads.
 */
public final class HadoopExternalData {
  /** The length of a part that runs to the end of its file. */
  public static final long TO_THE_END = -1;

  private final Configuration configuration;
  private final Path folder;

  /** External data of the network at this path. */
  public HadoopExternalData(Configuration configuration, String modelPath) {
    this.configuration = configuration;
    Path parent = HadoopFiles.path(modelPath).getParent();
    this.folder = parent == null ? new Path(Path.CUR_DIR) : parent;
  }

  /**
   * Reads a part of a file.
   *
   * @param name relative to the network's folder, with {@code /} between its parts
   * @param offset of the first byte, from 0
   * @param length bytes to read, or {@link #TO_THE_END}
   * @throws InputException if the name leaves the folder or meets a symbolic link, if the file is
   *     missing, or if it ends before the part does
   */
  public byte[] readRange(String name, long offset, long length) {
    if (offset < 0 || length < TO_THE_END || length > Integer.MAX_VALUE - 8) {
      throw refusal(name, "a part of " + length + " bytes from byte " + offset + " cannot be read");
    }
    return HadoopFiles.attempt(folder + "/" + name, () -> read(name, offset, length));
  }

  private byte[] read(String name, long offset, long asked) throws IOException {
    FileContext files =
        HadoopPaths.renames(folder, configuration)
            ? FileContext.getFileContext(folder.toUri(), configuration)
            : HadoopFiles.context(configuration, folder.toString());
    Path path = files.makeQualified(folder);
    for (String part : parts(name)) {
      path = new Path(path, part);
      if (isSymbolicLink(files, path)) {
        throw refusal(name, "is a symbolic link: put the file itself there");
      }
    }
    FileStatus status = files.getFileStatus(path);
    long length = asked == TO_THE_END ? Math.max(0, status.getLen() - offset) : asked;
    boolean fits = length <= Integer.MAX_VALUE - 8 && offset <= status.getLen() - length;
    if (!status.isFile() || !fits) {
      throw refusal(
          name,
          "has "
              + status.getLen()
              + " bytes, the network asks for "
              + length
              + " from byte "
              + offset);
    }
    byte[] bytes = new byte[(int) length];
    try (FSDataInputStream in = files.open(path)) {
      in.readFully(offset, bytes);
    }
    return bytes;
  }

  /** Hadoop's local file system does not see the link at a path that has a scheme. */
  private static boolean isSymbolicLink(FileContext files, Path path) throws IOException {
    if ("file".equals(path.toUri().getScheme())) {
      return Files.isSymbolicLink(java.nio.file.Path.of(path.toUri().getPath()));
    }
    return files.getFileLinkStatus(path).isSymlink();
  }

  private String[] parts(String name) {
    String[] parts = name.split("/", -1);
    for (String part : parts) {
      boolean climbs = part.isEmpty() || part.equals(".") || part.equals("..");
      if (climbs || part.indexOf('\\') >= 0 || part.indexOf(':') >= 0 || part.indexOf('\0') >= 0) {
        throw refusal(name, "is not a plain relative path inside the network's folder");
      }
    }
    return parts;
  }

  private InputException refusal(String name, String reason) {
    return InputException.data("external data " + name + " in " + folder + " " + reason);
  }
}
