package io.pare.io.source;

import io.pare.InputException;
import io.pare.io.HadoopPaths;
import io.pare.io.block.ArchiveBlock;
import io.pare.io.block.EncodedImage;
import io.pare.io.block.ImageBlock;
import java.io.IOException;
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
 * WebDataset shards: uncompressed tars of samples, a sample being the files of one key, {@code
 * KEY.jpg} its image and {@code KEY.cls} its class index as text. Shards in the order of their
 * names, samples in that of their keys.
 */
final class WebDataset {
  private static final String LABEL = ".cls";

  /** A class index needs fewer; more is no label. */
  private static final int LONGEST_LABEL = 32;

  private final SourceOptions options;
  private final Configuration configuration;
  private final List<ImageBlock> blocks = new ArrayList<>();
  private final FirstFive malformed = new FirstFive();
  private long images;

  private WebDataset(SourceOptions options, Configuration configuration) {
    this.options = options;
    this.configuration = configuration;
  }

  /** The shards of a folder that holds no other images: neither folders nor image files. */
  static List<FileStatus> shards(FileStatus folder, Configuration configuration)
      throws IOException {
    List<FileStatus> shards = new ArrayList<>();
    for (FileStatus file : HadoopPaths.visible(folder.getPath(), configuration)) {
      if (file.isDirectory() || ImageEntry.isImageName(file.getPath().getName())) {
        return List.of();
      }
      if (file.getPath().getName().endsWith(".tar")) {
        shards.add(file);
      }
    }
    return shards;
  }

  /** Whether a tar is a shard: it holds labels beside its images. */
  static boolean isShard(FileStatus tar, Configuration configuration) throws IOException {
    return TarIndex.files(tar, configuration).stream().anyMatch(WebDataset::isLabel);
  }

  /**
   * Lists shards.
   *
   * @throws InputException for a label that is no class index, or shards without an image
   */
  static FileListing listing(
      String location, List<FileStatus> shards, SourceOptions options, Configuration configuration)
      throws IOException {
    if (options.labelledByFile()) {
      throw InputException.usage(
          location + ": shards carry their own labels; leave out the labels or ground-truth file");
    }
    WebDataset dataSet = new WebDataset(options, configuration);
    for (FileStatus shard : shards) {
      dataSet.add(shard);
    }
    if (!dataSet.malformed.isEmpty()) {
      throw InputException.data(
          "%s: %d labels are no class index: %s"
              .formatted(location, dataSet.malformed.count(), dataSet.malformed));
    }
    if (dataSet.blocks.isEmpty()) {
      throw InputException.data(
          location + ": no image in its " + shards.size() + " tars; " + ImageSource.ACCEPTED);
    }
    List<String> classNames = List.of();
    if (options.synsets().isPresent()) {
      classNames = ClassNames.read(options.synsets().get(), configuration).names();
    }
    return new FileListing(dataSet.blocks, classNames);
  }

  private void add(FileStatus shard) throws IOException {
    List<ImageEntry> found = new ArrayList<>();
    Map<String, ImageEntry> labels = new HashMap<>();
    for (ImageEntry file : TarIndex.files(shard, configuration)) {
      if (isLabel(file)) {
        labels.put(key(file), file);
      } else if (ImageEntry.isImageName(file.fileName())) {
        found.add(file);
      }
    }
    found.sort(Comparator.comparing(WebDataset::key).thenComparing(ImageEntry::name));
    int[] indices = new int[found.size()];
    try (FSDataInputStream stream =
        shard.getPath().getFileSystem(configuration).open(shard.getPath())) {
      for (int i = 0; i < indices.length; i++) {
        ImageEntry label = labels.get(key(found.get(i)));
        indices[i] = label == null ? EncodedImage.NO_LABEL : index(shard, label, stream);
      }
    }
    for (int from = 0; from < indices.length; from += options.blockSize()) {
      List<ImageEntry> part =
          found.subList(from, Math.min(indices.length, from + options.blockSize()));
      blocks.add(
          new ArchiveBlock(
              blocks.size(),
              images,
              shard.getPath().toString(),
              part.stream().map(ImageEntry::name).toArray(String[]::new),
              part.stream().mapToLong(ImageEntry::offset).toArray(),
              part.stream().mapToLong(ImageEntry::length).toArray(),
              Arrays.copyOfRange(indices, from, from + part.size())));
      images += part.size();
    }
  }

  private int index(FileStatus shard, ImageEntry label, FSDataInputStream stream)
      throws IOException {
    byte[] bytes = new byte[(int) Math.min(LONGEST_LABEL, label.length())];
    stream.readFully(label.offset(), bytes);
    String text = new String(bytes, StandardCharsets.US_ASCII).strip();
    if (label.length() > LONGEST_LABEL || !text.matches("\\d{1,9}")) {
      malformed.add(shard.getPath().getName() + "/" + label.name());
      return EncodedImage.NO_LABEL;
    }
    return Integer.parseInt(text);
  }

  private static boolean isLabel(ImageEntry file) {
    return file.name().endsWith(LABEL);
  }

  /** The name up to the first dot of the file: what the files of one sample share. */
  private static String key(ImageEntry file) {
    int start = file.name().length() - file.fileName().length();
    int dot = file.name().indexOf('.', start);
    return dot < 0 ? file.name() : file.name().substring(0, dot);
  }
}
