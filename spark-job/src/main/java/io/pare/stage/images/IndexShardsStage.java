package io.pare.stage.images;

import io.pare.io.archive.ShardIndex;
import io.pare.io.archive.ShardReader;
import java.io.IOException;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads the headers and labels of a WebDataset's shards on the executors, a task for each shard.
 */
public final class IndexShardsStage implements ShardReader {
  private final JavaSparkContext spark;

  /** A stage on a running Spark application. */
  public IndexShardsStage(JavaSparkContext spark) {
    this.spark = spark;
  }

  @Override
  public List<ShardIndex> read(List<String> shards) {
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    spark.setJobDescription("list " + shards.size() + " shards");
    try {
      return spark.parallelize(shards, shards.size()).map(new IndexShard(hadoop)).collect();
    } finally {
      hadoop.destroy();
    }
  }

  private static final class IndexShard implements Function<String, ShardIndex> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<SerializableConfiguration> hadoop;

    IndexShard(Broadcast<SerializableConfiguration> hadoop) {
      this.hadoop = hadoop;
    }

    @Override
    public ShardIndex call(String shard) throws IOException {
      return ShardIndex.read(shard, hadoop.value().value());
    }
  }
}
