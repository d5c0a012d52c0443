package io.pare.run.zoo;

import io.pare.InputException;
import java.util.List;

/** The files of a glob, named for what their paths do not have in common. */
final class FileGlob {

  private FileGlob() {}

  /**
   * An entry for each file.
   *
   * @throws InputException if there is none
   */
  static List<ZooEntry> entries(String glob, List<String> paths) {
    if (paths.isEmpty()) {
      throw InputException.data(glob + ": no file has such a name");
    }
    int shared = folderInCommon(paths);
    return paths.stream().map(path -> entry(glob, path, shared)).toList();
  }

  private static ZooEntry entry(String glob, String path, int shared) {
    String below = path.substring(shared);
    String folders = below.substring(0, below.lastIndexOf('/') + 1);
    return ZooEntry.ofFile(glob, folders + ZooEntry.baseName(below), path);
  }

  /** Length of the folder, with the slash at its end, that all paths are below. */
  private static int folderInCommon(List<String> paths) {
    String folder = paths.get(0).substring(0, paths.get(0).lastIndexOf('/') + 1);
    for (String path : paths) {
      while (!path.startsWith(folder)) {
        folder = folder.substring(0, folder.lastIndexOf('/', folder.length() - 2) + 1);
      }
    }
    return folder.length();
  }
}
