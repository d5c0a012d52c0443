package io.pare.io.source;

import io.pare.InputException;
import io.pare.io.HadoopPaths;
import io.pare.io.block.ImageEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/** Finds the images directly in a folder and in the folders directly below it. */
final class FolderIndex {
  private FolderIndex() {}

  /**
   * The images in no particular order, named by their path below {@code folder}.
   *
   * @throws InputException if there are none, telling what is there instead
   */
  static List<ImageEntry> images(FileStatus folder, Configuration configuration)
      throws IOException {
    List<ImageEntry> images = new ArrayList<>();
    FirstFive folders = new FirstFive();
    FirstFive others = new FirstFive();
    for (FileStatus child : HadoopPaths.visible(folder.getPath(), configuration)) {
      String name = child.getPath().getName();
      if (child.isDirectory()) {
        folders.add(name);
        for (FileStatus file : HadoopPaths.visible(child.getPath(), configuration)) {
          if (file.isFile() && ImageEntry.isImageName(file.getPath().getName())) {
            images.add(new ImageEntry(name + "/" + file.getPath().getName(), 0, file.getLen()));
          }
        }
      } else if (ImageEntry.isImageName(name)) {
        images.add(new ImageEntry(name, 0, child.getLen()));
      } else {
        others.add(name);
      }
    }
    if (images.isEmpty()) {
      throw InputException.data(
          "%s: no image in it or in the folders directly below it; found %s and %s; %s"
              .formatted(
                  folder.getPath(),
                  folders.isEmpty() ? "no folder" : folders.count() + " folders (" + folders + ")",
                  others.isEmpty() ? "no file" : others.count() + " other files (" + others + ")",
                  ImageSource.ACCEPTED));
    }
    return images;
  }
}
