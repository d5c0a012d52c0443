package io.pare.io.source;

import io.pare.InputException;
import io.pare.io.archive.TarIndex;
import io.pare.io.block.ArchiveBlock;
import io.pare.io.block.FolderBlock;
import io.pare.io.block.ImageBlock;
import io.pare.io.block.ImageEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * Images that are files, in a folder or a tar: sorted, labelled and cut into blocks.
 *
 * @param blocks in the order of the data set
 * @param classes names of the classes by index
 * @param skipped names of images in archives that are no regular files, such as links
 */
record FileListing(List<ImageBlock> blocks, ClassNames classes, List<String> skipped) {
  /** No photograph is near it; a larger file is a mistake that would cost the executor its heap. */
  static final long LARGEST_IMAGE = 256L << 20;

  static FileListing ofFolder(
      String location, FileStatus folder, SourceOptions options, Configuration configuration)
      throws IOException {
    List<ImageEntry> images = sorted(location, FolderIndex.images(folder, configuration));
    Labels labels = Labels.of(location, images, options, configuration);
    String root = folder.getPath().toString();
    List<ImageBlock> blocks = new ArrayList<>();
    for (int from = 0; from < images.size(); from += options.blockSize()) {
      int to = Math.min(images.size(), from + options.blockSize());
      List<ImageEntry> part = images.subList(from, to);
      blocks.add(
          new FolderBlock(
              blocks.size(),
              from,
              root,
              names(part),
              part.stream().mapToLong(ImageEntry::length).toArray(),
              Arrays.copyOfRange(labels.indices(), from, to)));
    }
    return new FileListing(blocks, labels.classes(), List.of());
  }

  static FileListing ofTar(
      String location, FileStatus tar, SourceOptions options, Configuration configuration)
      throws IOException {
    TarIndex.Found found = TarIndex.images(tar, configuration);
    if (found.files().isEmpty()) {
      throw InputException.data(location + ": no image in this tar; " + ImageSource.ACCEPTED);
    }
    List<ImageEntry> images = sorted(location, found.files());
    Labels labels = Labels.of(location, images, options, configuration);
    String archive = tar.getPath().toString();
    List<ImageBlock> blocks = new ArrayList<>();
    for (int from = 0; from < images.size(); from += options.blockSize()) {
      int to = Math.min(images.size(), from + options.blockSize());
      List<ImageEntry> part = images.subList(from, to);
      blocks.add(
          new ArchiveBlock(
              blocks.size(),
              from,
              archive,
              names(part),
              part.stream().mapToLong(ImageEntry::offset).toArray(),
              part.stream().mapToLong(ImageEntry::length).toArray(),
              Arrays.copyOfRange(labels.indices(), from, to)));
    }
    return new FileListing(blocks, labels.classes(), found.skipped());
  }

  private static String[] names(List<ImageEntry> images) {
    return images.stream().map(ImageEntry::name).toArray(String[]::new);
  }

  private static List<ImageEntry> sorted(String location, List<ImageEntry> found) {
    List<ImageEntry> images = new ArrayList<>(found);
    images.sort(ImageEntry.ORDER);
    FirstFive repeated = new FirstFive();
    FirstFive large = new FirstFive();
    for (int i = 0; i < images.size(); i++) {
      if (i > 0 && images.get(i).name().equals(images.get(i - 1).name())) {
        repeated.add(images.get(i).name());
      }
      if (images.get(i).length() > LARGEST_IMAGE) {
        large.add("%s (%,d bytes)".formatted(images.get(i).name(), images.get(i).length()));
      }
    }
    if (!repeated.isEmpty()) {
      throw InputException.data(
          "%s: %d images are there more than once: %s; pack it anew"
              .formatted(location, repeated.count(), repeated));
    }
    if (!large.isEmpty()) {
      throw InputException.data(
          "%s: %d images are larger than %,d bytes: %s"
              .formatted(location, large.count(), LARGEST_IMAGE, large));
    }
    return images;
  }
}
