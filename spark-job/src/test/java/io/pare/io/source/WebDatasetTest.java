package io.pare.io.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.pare.InputException;
import io.pare.io.block.EncodedImage;
import io.pare.io.block.ImageBlock;
import io.pare.testing.DataSetOptions;
import io.pare.testing.ImageFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebDatasetTest {
  private final Configuration configuration = new Configuration();
  @TempDir private Path folder;

  @Test
  void shardsAreReadInTheOrderOfTheirNamesWithTheLabelsBesideTheImages() throws IOException {
    shard("train-1.tar", "0003.cls", "4", "0003.png", "", "0003.json", "{}");
    shard("train-0.tar", "b/0002.png", "", "b/0002.cls", " 7\n", "a.1.png", "", "a.cls", "0");

    ImageSource source =
        ImageSource.open(folder.toString(), SourceOptions.defaults(), configuration);

    List<EncodedImage> images = read(source);
    assertThat(images)
        .extracting(EncodedImage::id, EncodedImage::name, EncodedImage::label)
        .containsExactly(
            tuple(0L, "a.1.png", 0), tuple(1L, "b/0002.png", 7), tuple(2L, "0003.png", 4));
    assertThat(images.get(1).bytes()).isEqualTo(ImageFiles.png("b/0002.png"));
    source.requireLabels(8);
    assertThatThrownBy(() -> source.requireLabels(7)).hasMessageContaining("b/0002.png (7)");
  }

  @Test
  void oneShardMayBeNamedAndBlocksStayWithinAShard() throws IOException {
    Path shard = shard("0.tar", "1.png", "", "1.cls", "1", "2.png", "", "2.cls", "2", "3.png", "");

    ImageSource source =
        ImageSource.open(shard.toString(), DataSetOptions.blocksOf(2), configuration);

    assertThat(source.blocks()).extracting(ImageBlock::count).containsExactly(2, 1);
    assertThat(read(source))
        .extracting(EncodedImage::label)
        .containsExactly(1, 2, EncodedImage.NO_LABEL);
  }

  @Test
  void aLabelThatIsNoClassIndexIsNamed() throws IOException {
    shard("0.tar", "1.png", "", "1.cls", "owl", "2.png", "", "2.cls", "-3");

    assertThatThrownBy(
            () -> ImageSource.open(folder.toString(), SourceOptions.defaults(), configuration))
        .isInstanceOf(InputException.class)
        .hasMessage(folder + ": 2 labels are no class index: 0.tar/1.cls, 0.tar/2.cls");
  }

  /** A tar of names and texts; an image's own bytes stand in for its text. */
  private Path shard(String name, String... namesAndTexts) throws IOException {
    Path file = folder.resolve(name);
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < namesAndTexts.length; i += 2) {
        byte[] bytes =
            namesAndTexts[i].endsWith(".png")
                ? ImageFiles.png(namesAndTexts[i])
                : namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(namesAndTexts[i]);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
      }
    }
    return file;
  }

  private List<EncodedImage> read(ImageSource source) throws IOException {
    return ImageFiles.read(source, configuration);
  }
}
