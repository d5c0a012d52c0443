package io.pare.io.archive;

import io.pare.io.HadoopPaths;
import io.pare.io.block.ArchiveBlock;
import io.pare.io.block.EncodedImage;
import io.pare.io.block.ImageEntry;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;

/**
 * What one shard of a WebDataset holds: its images in the order of their keys, with the labels
 * beside them.
 *
 * @param shard the tar, with scheme and authority
 * @param names of the images inside it
 * @param offsets first byte of each image
 * @param lengths bytes of each image
 * @param labels class index of each image, or {@link EncodedImage#NO_LABEL}
 * @param malformed names of the files that should hold a class index and do not
 * @param skipped names of images that are no regular files, such as links
 */
@SuppressWarnings("ArrayRecordComponent") // built once, never changed, and small on the wire
public record ShardIndex(
    String shard,
    String[] names,
    long[] offsets,
    long[] lengths,
    int[] labels,
    List<String> malformed,
    List<String> skipped)
    implements Serializable {
  private static final String LABEL = ".cls";

  /** A class index needs fewer; more is no label. */
  private static final int LONGEST_LABEL = 32;

  /**
   * Reads the headers and the labels of a shard, and no image.
   *
   * @param shard Hadoop path of an uncompressed tar
   * @throws io.pare.InputException if it is none
   */
  public static ShardIndex read(String shard, Configuration configuration) throws IOException {
    FileStatus tar = HadoopPaths.status(shard, "shard", configuration);
    List<ImageEntry> images = new ArrayList<>();
    Map<String, ImageEntry> labels = new HashMap<>();
    TarIndex.Found found = TarIndex.files(tar, configuration);
    for (ImageEntry file : found.files()) {
      if (isLabel(file)) {
        labels.put(key(file), file);
      } else if (ImageEntry.isImageName(file.fileName())) {
        images.add(file);
      }
    }
    images.sort(Comparator.comparing(ShardIndex::key).thenComparing(ImageEntry::name));
    int[] indices = new int[images.size()];
    List<String> malformed = new ArrayList<>();
    try (FSDataInputStream stream =
        tar.getPath().getFileSystem(configuration).open(tar.getPath())) {
      for (int i = 0; i < indices.length; i++) {
        ImageEntry label = labels.get(key(images.get(i)));
        indices[i] = label == null ? EncodedImage.NO_LABEL : index(label, stream, malformed);
      }
    }
    return new ShardIndex(
        tar.getPath().toString(),
        images.stream().map(ImageEntry::name).toArray(String[]::new),
        images.stream().mapToLong(ImageEntry::offset).toArray(),
        images.stream().mapToLong(ImageEntry::length).toArray(),
        indices,
        malformed,
        new ArrayList<>(found.skipped()));
  }

  private static int index(ImageEntry label, FSDataInputStream stream, List<String> malformed)
      throws IOException {
    byte[] bytes = new byte[(int) Math.min(LONGEST_LABEL, label.length())];
    stream.readFully(label.offset(), bytes);
    String text = new String(bytes, StandardCharsets.US_ASCII).strip();
    if (label.length() > LONGEST_LABEL || !text.matches("\\d{1,9}")) {
      malformed.add(label.name());
      return EncodedImage.NO_LABEL;
    }
    return Integer.parseInt(text);
  }

  /** Whether a file of a tar is the label of an image. */
  public static boolean isLabel(ImageEntry file) {
    return file.name().endsWith(LABEL);
  }

  /** The name up to the first dot of the file: what the files of one sample share. */
  private static String key(ImageEntry file) {
    int start = file.name().length() - file.fileName().length();
    int dot = file.name().indexOf('.', start);
    return dot < 0 ? file.name() : file.name().substring(0, dot);
  }

  /** The images of {@code from} up to {@code to}, as a block of a data set. */
  public ArchiveBlock block(int index, long firstId, int from, int to) {
    return new ArchiveBlock(
        index,
        firstId,
        shard,
        Arrays.copyOfRange(names, from, to),
        Arrays.copyOfRange(offsets, from, to),
        Arrays.copyOfRange(lengths, from, to),
        Arrays.copyOfRange(labels, from, to));
  }
}
