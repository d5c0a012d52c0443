package io.pare.io.source;

import io.pare.InputException;
import io.pare.io.HadoopPaths;
import io.pare.io.archive.ShardIndex;
import io.pare.io.archive.ShardReader;
import io.pare.io.archive.TarIndex;
import io.pare.io.block.ImageBlock;
import io.pare.io.block.ImageEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * WebDataset shards: uncompressed tars of samples, a sample being the files of one key, {@code
 * KEY.jpg} its image and {@code KEY.cls} its class index as text. Shards in the order of their
 * names, samples in that of their keys.
 */
public final class WebDataset {
  private final String location;
  private final List<String> shards;
  private final SourceOptions options;

  WebDataset(String location, List<FileStatus> shards, SourceOptions options) {
    this.location = location;
    this.shards = shards.stream().map(shard -> shard.getPath().toString()).toList();
    this.options = options;
  }

  /**
   * The shards at a place: a tar that holds labels, or the tars of a folder that holds no other
   * images, neither folders nor image files. None where the data set is of another kind.
   */
  static List<FileStatus> shards(FileStatus place, Configuration configuration) throws IOException {
    if (!place.isDirectory()) {
      boolean labelled =
          TarIndex.files(place, configuration).files().stream().anyMatch(ShardIndex::isLabel);
      return labelled ? List.of(place) : List.of();
    }
    List<FileStatus> shards = new ArrayList<>();
    for (FileStatus file : HadoopPaths.visible(place.getPath(), configuration)) {
      if (file.isDirectory() || ImageEntry.isImageName(file.getPath().getName())) {
        return List.of();
      }
      if (file.getPath().getName().endsWith(".tar")) {
        shards.add(file);
      }
    }
    return shards;
  }

  /**
   * Lists the shards.
   *
   * @throws InputException for a label that is no class index, or shards without an image
   */
  FileListing listing(Configuration configuration, ShardReader reader) throws IOException {
    if (options.labelledByFile()) {
      throw InputException.usage(
          location + ": shards carry their own labels; leave out the labels or ground-truth file");
    }
    List<ShardIndex> indices = reader.read(shards);
    requireLabels(indices);
    List<ImageBlock> blocks = blocks(indices);
    if (blocks.isEmpty()) {
      throw InputException.data(
          location + ": no image in its " + shards.size() + " tars; " + ImageSource.ACCEPTED);
    }
    return new FileListing(
        blocks,
        ClassNames.listed(options, configuration),
        indices.stream().flatMap(index -> index.skipped().stream()).toList());
  }

  private void requireLabels(List<ShardIndex> indices) {
    FirstFive malformed = new FirstFive();
    for (ShardIndex index : indices) {
      String shard = new Path(index.shard()).getName();
      index.malformed().forEach(label -> malformed.add(shard + "/" + label));
    }
    if (!malformed.isEmpty()) {
      throw InputException.data(
          "%s: %d labels are no class index: %s".formatted(location, malformed.count(), malformed));
    }
  }

  private List<ImageBlock> blocks(List<ShardIndex> indices) {
    List<ImageBlock> blocks = new ArrayList<>();
    long images = 0;
    for (ShardIndex index : indices) {
      int count = index.names().length;
      for (int from = 0; from < count; from += options.blockSize()) {
        int to = Math.min(count, from + options.blockSize());
        blocks.add(index.block(blocks.size(), images + from, from, to));
      }
      images += count;
    }
    return blocks;
  }
}
