package io.pare.io.block;

import io.pare.io.HadoopPaths;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * An image file found in a folder or an archive.
 *
 * @param name its path below the folder, or inside the archive
 * @param offset its first byte in the archive, 0 in a folder
 * @param length its bytes
 */
public record ImageEntry(String name, long offset, long length) {
  /** Folder first, then name: the order of the data set, however an archive was packed. */
  public static final Comparator<ImageEntry> ORDER =
      Comparator.comparing(ImageEntry::folder).thenComparing(ImageEntry::name);

  private static final List<String> EXTENSIONS =
      List.of(".jpeg", ".jpg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp");

  /** Whether a file is taken for an image: by its extension, whatever it holds. */
  public static boolean isImageName(String fileName) {
    String lower = fileName.toLowerCase(Locale.ROOT);
    return !HadoopPaths.isHidden(fileName) && EXTENSIONS.stream().anyMatch(lower::endsWith);
  }

  /** Folder part of the name, empty for none. */
  String folder() {
    int slash = name.lastIndexOf('/');
    return slash < 0 ? "" : name.substring(0, slash);
  }

  /** The innermost folder: in class folders the name of the class. */
  public String className() {
    String folder = folder();
    return folder.substring(folder.lastIndexOf('/') + 1);
  }

  /** The name without its folders. */
  public String fileName() {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
