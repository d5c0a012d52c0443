package io.pare.io;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What tells whether files are still those that they were, without reading them: names, lengths and
 * times of the last change. Files that were copied count as changed.
 *
 * @param files below a folder, or the one file, in the order of their names
 */
public record TreeStamp(List<FileStamp> files) {

  /**
   * One file.
   *
   * @param name below the folder
   * @param bytes its length
   * @param changed milliseconds since 1970
   */
  public record FileStamp(String name, long bytes, long changed) {}

  /** Copies the list. */
  public TreeStamp {
    files = List.copyOf(files);
  }

  /**
   * Lists what is at a place, hidden files left out: nothing where the place is not there.
   *
   * @param location Hadoop path of a file or folder
   * @throws io.pare.InputException if it may not be listed
   */
  public static TreeStamp of(String location, Configuration configuration) {
    return HadoopFiles.attempt(
        location,
        () -> {
          Path root = HadoopFiles.path(location);
          FileSystem fileSystem = root.getFileSystem(configuration);
          int folder = fileSystem.makeQualified(root).toString().length();
          List<FileStamp> files = new ArrayList<>();
          if (!fileSystem.exists(root)) {
            return new TreeStamp(List.of());
          }
          // Plain listings: those with the places of the blocks would ask for every block.
          Deque<FileStatus> open = new ArrayDeque<>(List.of(fileSystem.getFileStatus(root)));
          while (!open.isEmpty()) {
            FileStatus status = open.pop();
            if (status.isDirectory()) {
              open.addAll(List.of(fileSystem.listStatus(status.getPath())));
            } else if (!HadoopPaths.isHidden(status.getPath().getName())) {
              files.add(
                  new FileStamp(
                      status.getPath().toString().substring(folder),
                      status.getLen(),
                      status.getModificationTime()));
            }
          }
          files.sort(Comparator.comparing(FileStamp::name));
          return new TreeStamp(files);
        });
  }
}
