package io.pare.prep;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.io.block.ImageBlock;
import io.pare.io.block.ParquetBlock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardTest {

  @Test
  void fillsShardsInOrderAndKeepsBlocksWhole() {
    List<Shard> shards = Shard.plan(blocks(32, 32, 32, 4, 32, 40, 1), 64);

    assertThat(shards).extracting(Shard::index).containsExactly(0, 1, 2, 3);
    assertThat(shards)
        .extracting(shard -> shard.blocks().stream().map(ImageBlock::count).toList())
        .containsExactly(List.of(32, 32), List.of(32, 4), List.of(32), List.of(40, 1));
  }

  @Test
  void takesABlockThatIsLargerThanAShardByItself() {
    assertThat(Shard.plan(blocks(5, 5), 3)).hasSize(2);
  }

  @Test
  void choosesBlocksThatFillAShardExactly() {
    assertThat(Shard.blockSize(1000)).isEqualTo(25);
    assertThat(Shard.blockSize(1024)).isEqualTo(32);
    assertThat(Shard.blockSize(7)).isEqualTo(7);
    assertThat(Shard.blockSize(1009)).isEqualTo(1);
  }

  @Test
  void namesFilesAsHuggingFaceDataSetsDo() {
    assertThat(new Shard(7, blocks(1)).fileName("train", 12))
        .isEqualTo("train-00007-of-00012.parquet");
  }

  private static List<ImageBlock> blocks(int... counts) {
    List<ImageBlock> blocks = new ArrayList<>();
    long id = 0;
    for (int count : counts) {
      blocks.add(new ParquetBlock(blocks.size(), id, count, "file:/x.parquet", 0, id));
      id += count;
    }
    return blocks;
  }
}
