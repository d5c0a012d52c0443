package io.pare.stage.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pare.InputException;
import io.pare.io.archive.ShardReader;
import io.pare.io.source.ImageSource;
import io.pare.io.source.SourceOptions;
import io.pare.testing.DataSetOptions;
import io.pare.testing.ImageFiles;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Shards that executors read, beside the same shards read in one thread. */
class IndexShardsIT {
  private static final int SHARDS = 7;
  private static final int SAMPLES = 23;
  private static final SourceOptions OPTIONS = DataSetOptions.blocksOf(5);

  @RegisterExtension static final SparkTest SPARK = new SparkTest();

  private final Configuration configuration = new Configuration();
  @TempDir private Path folder;

  @Test
  void executorsFindTheSameImagesAndLabelsInTheSameBlocks() throws IOException {
    for (int shard = 0; shard < SHARDS; shard++) {
      shard(shard, Map.of());
    }

    ImageSource here = open(ShardReader.here(configuration));
    ImageSource spread = open(new IndexShardsStage(SPARK.context()));

    assertThat(here.imageCount()).isEqualTo(SHARDS * SAMPLES);
    assertThat(spread.blocks()).usingRecursiveComparison().isEqualTo(here.blocks());
    assertThat(ImageFiles.read(spread, configuration).get(2 * SAMPLES + 3).label()).isEqualTo(203);
  }

  @Test
  void wrongLabelsOfAllShardsAreCountedAndTheFirstNamed() throws IOException {
    shard(0, Map.of("sample-01.cls", "owl"));
    shard(1, Map.of("sample-00.cls", "-3", "sample-22.cls", ""));

    assertThat(catchThrowable(() -> open(new IndexShardsStage(SPARK.context()))))
        .isInstanceOf(InputException.class)
        .hasMessage(
            folder
                + ": 3 labels are no class index: shard-0.tar/sample-01.cls,"
                + " shard-1.tar/sample-00.cls, shard-1.tar/sample-22.cls");
  }

  @Test
  void aShardThatIsCutShortIsNamed() throws IOException {
    Path whole = shard(0, Map.of());
    Files.write(folder.resolve("shard-1.tar"), Arrays.copyOf(Files.readAllBytes(whole), 5_000));

    assertThat(catchThrowable(() -> open(new IndexShardsStage(SPARK.context()))))
        .hasRootCauseInstanceOf(InputException.class)
        .rootCause()
        .hasMessageContaining("shard-1.tar is not a readable tar");
  }

  private ImageSource open(ShardReader reader) throws IOException {
    return ImageSource.open(folder.toString(), OPTIONS, configuration, reader);
  }

  /** Sample k of shard s has the label 100 s + k, where no other text is given for it. */
  private Path shard(int shard, Map<String, String> otherLabels) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int sample = 0; sample < SAMPLES; sample++) {
      String key = "sample-%02d".formatted(sample);
      String label = otherLabels.getOrDefault(key + ".cls", Integer.toString(100 * shard + sample));
      files.put(key + ".cls", label.getBytes(StandardCharsets.US_ASCII));
      files.put(key + ".png", ImageFiles.png(key + shard));
    }
    return ImageFiles.tar(folder.resolve("shard-" + shard + ".tar"), files);
  }
}
