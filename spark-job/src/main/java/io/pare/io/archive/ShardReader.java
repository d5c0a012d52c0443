package io.pare.io.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Where shards are indexed: one after the other here, or side by side on a cluster. */
@FunctionalInterface
public interface ShardReader {

  /**
   * Indexes shards.
   *
   * @param shards Hadoop paths, at least one
   * @return an index for each, in their order
   */
  List<ShardIndex> read(List<String> shards) throws IOException;

  /** Reads one shard after the other in the thread that asks. */
  static ShardReader here(Configuration configuration) {
    return shards -> {
      List<ShardIndex> indices = new ArrayList<>();
      for (String shard : shards) {
        indices.add(ShardIndex.read(shard, configuration));
      }
      return indices;
    };
  }
}
