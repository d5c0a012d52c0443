package io.pare.prep;

import io.pare.io.block.ImageBlock;
import io.pare.io.source.SourceOptions;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The images of one output file, by address.
 *
 * @param index place among the files, from 0
 * @param blocks in the order of the data set
 */
record Shard(int index, List<ImageBlock> blocks) implements Serializable {

  Shard {
    blocks = new ArrayList<>(blocks); // serialisable, whatever list the caller had
  }

  /** The largest block that fills shards of {@code images} exactly; 1 if there is no larger. */
  static int blockSize(int images) {
    int size = Math.max(1, Math.min(SourceOptions.DEFAULT_BLOCK_SIZE, images));
    while (images % size != 0) {
      size--;
    }
    return size;
  }

  /**
   * Cuts a data set into shards of at most {@code images} images; a block stays whole, so a shard
   * may hold fewer. Depends on nothing but the blocks.
   */
  static List<Shard> plan(List<ImageBlock> blocks, int images) {
    List<Shard> shards = new ArrayList<>();
    List<ImageBlock> part = new ArrayList<>();
    int count = 0;
    for (ImageBlock block : blocks) {
      if (!part.isEmpty() && count + block.count() > images) {
        shards.add(new Shard(shards.size(), part));
        part.clear();
        count = 0;
      }
      part.add(block);
      count += block.count();
    }
    if (!part.isEmpty()) {
      shards.add(new Shard(shards.size(), part));
    }
    return shards;
  }

  /** The file's name among {@code shards}, as Hugging Face data sets name their files. */
  String fileName(String split, int shards) {
    return String.format("%s-%05d-of-%05d.parquet", split, index, shards);
  }
}
