package io.pare.io;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What {@code _SUCCESS} says: it is the last file of a result and identifies the whole. Where a
 * file system renames no directory in one step, the other files lie in a folder of the run that
 * made them, and this file, which is written in one step, leads to them.
 *
 * @param run that published
 * @param sums the SHA-256 of {@code SHA256SUMS}, which has that of every other file, or of the
 *     summary of a packed data set, which has them too
 * @param folder beside {@code _SUCCESS} in which the files are, or none where they are beside it
 */
public record ResultManifest(String run, String sums, Optional<String> folder) {
  /** Name of the file. */
  public static final String NAME = "_SUCCESS";

  /** What the name of a run's folder begins with. */
  public static final String FOLDER = "run-";

  /** Most bytes of it that are read. */
  public static final int LONGEST = 1024;

  private static final int ATTEMPTS = 5;

  private static final Pattern TEXT =
      Pattern.compile(
          "run = (\\S+)\nsha256sums = ([0-9a-f]{64})\n(?:files = ("
              + FOLDER
              + "[A-Za-z0-9][A-Za-z0-9._-]*)\n)?");

  /** The text of the file. */
  public String text() {
    return "run = %s\nsha256sums = %s\n".formatted(run, sums)
        + folder.map("files = %s\n"::formatted).orElse("");
  }

  /** What a file says; empty where it is not that of a result. */
  public static Optional<ResultManifest> of(byte[] text) {
    Matcher matcher = TEXT.matcher(new String(text, StandardCharsets.UTF_8));
    return matcher.matches()
        ? Optional.of(
            new ResultManifest(
                matcher.group(1), matcher.group(2), Optional.ofNullable(matcher.group(3))))
        : Optional.empty();
  }

  /** What a folder's manifest says; empty where it has none. */
  static Optional<ResultManifest> in(Path folder, FileSystem files) throws IOException {
    return read(() -> files.open(new Path(folder, NAME)));
  }

  /**
   * What a file says; empty where there is none. It is read again where it is replaced meanwhile,
   * which S3A tells by an error.
   */
  public static Optional<ResultManifest> read(HadoopFiles.Action<InputStream> open)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      try (InputStream in = open.run()) {
        return of(in.readNBytes(LONGEST));
      } catch (FileNotFoundException e) {
        return Optional.empty();
      } catch (IOException e) {
        boolean replaced = e.getClass().getSimpleName().equals("RemoteFileChangedException");
        if (!replaced || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /**
   * Where the file of a result lies that a path names below the result itself.
   *
   * @return empty where no manifest stands beside the path, or it leads nowhere
   */
  static Optional<Path> leadingOn(Path path, FileSystem files) throws IOException {
    Path parent = path.getParent();
    if (parent == null) {
      return Optional.empty();
    }
    return in(parent, files)
        .flatMap(ResultManifest::folder)
        .map(folder -> HadoopPaths.below(new Path(parent, folder), path.getName()));
  }
}
