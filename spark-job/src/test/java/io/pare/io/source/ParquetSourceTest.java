package io.pare.io.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.io.block.EncodedImage;
import io.pare.io.block.ImageBlock;
import io.pare.testing.DataSetOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parquet files as pyarrow writes them. */
class ParquetSourceTest {
  private final Configuration configuration = new Configuration();
  @TempDir private Path folder;

  @Test
  void readsTheImagesAndLabelsThatPyarrowWrote() throws IOException {
    ImageSource source = open(fixture("huggingface.parquet"));

    List<EncodedImage> images = read(source);

    assertThat(images).extracting(EncodedImage::label).containsExactly(0, 2, 1, 2, 0, 1, 2);
    assertThat(images)
        .extracting(EncodedImage::name)
        .startsWith("picture-0.png", "picture-1.png")
        .endsWith("picture-6.png");
    assertThat(images).extracting(EncodedImage::id).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(images).allSatisfy(image -> assertThat(image.bytes()).startsWith(0x89, 'P', 'N'));
  }

  @Test
  void readsLargeBinaryWithInt32LabelsAndTakesAMissingLabelForUnknown() throws IOException {
    List<EncodedImage> images = read(open(fixture("large-binary.parquet")));
    List<EncodedImage> same = read(open(fixture("huggingface.parquet")));

    assertThat(images)
        .extracting(EncodedImage::label)
        .containsExactly(0, 2, EncodedImage.NO_LABEL, 2, 0, 1, 2);
    assertThat(images)
        .extracting(EncodedImage::bytes)
        .containsExactlyElementsOf(same.stream().map(EncodedImage::bytes).toList());
  }

  @Test
  void startsABlockAtEveryRowGroupAndFile() throws IOException {
    fixture("huggingface.parquet");
    fixture("large-binary.parquet");
    ImageSource source =
        ImageSource.open(folder.toString(), DataSetOptions.blocksOf(2), configuration);

    assertThat(source.blocks())
        .extracting(ImageBlock::count)
        .containsExactly(2, 1, 2, 1, 1, 2, 2, 2, 1);
    assertThat(source.blocks())
        .extracting(ImageBlock::firstId)
        .containsExactly(0L, 2L, 3L, 5L, 6L, 7L, 9L, 11L, 13L);
    assertThat(source.imageCount()).isEqualTo(14);
  }

  @Test
  void readsBlocksInAnyOrder() throws IOException {
    ImageSource source =
        ImageSource.open(fixture("huggingface.parquet"), DataSetOptions.blocksOf(1), configuration);
    try (ImageBlockReader reader = new ImageBlockReader(configuration)) {
      for (int i : new int[] {6, 2, 0, 1, 1, 5, 3}) {
        assertThat(reader.read(source.blocks().get(i)))
            .singleElement()
            .satisfies(image -> assertThat(image.name()).isEqualTo("picture-" + i + ".png"));
      }
    }
  }

  @Test
  void acceptsLabelsWithinTheClassesAndNamesTheOthers() throws IOException {
    ImageSource source = open(fixture("huggingface.parquet"));

    source.requireLabels(3);

    assertThatThrownBy(() -> source.requireLabels(2))
        .isInstanceOf(InputException.class)
        .hasMessage(
            source.location()
                + ": 3 of 7 images have a label outside 0..1: huggingface.parquet row 1 (2),"
                + " huggingface.parquet row 3 (2), huggingface.parquet row 6 (2); the labels must"
                + " be indices into the network's 2 outputs");
  }

  @Test
  void namesTheRowsWithoutALabel() throws IOException {
    ImageSource source = open(fixture("large-binary.parquet"));

    assertThatThrownBy(() -> source.requireLabels(3))
        .isInstanceOf(InputException.class)
        .hasMessage(
            source.location()
                + ": 1 of 7 images have no label: large-binary.parquet row 2; give a label to each"
                + " or leave them out");
  }

  @Test
  void refusesATruncatedFile() throws IOException {
    Path file = Path.of(fixture("huggingface.parquet"));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 9));

    assertThatThrownBy(() -> open(file.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("huggingface.parquet is not a readable Parquet file")
        .hasMessageEndingWith("copy it again");
  }

  @Test
  void answersADamagedFooterWithAnErrorThatNamesTheFile() throws IOException {
    Path file = Path.of(fixture("large-binary.parquet"));
    byte[] whole = Files.readAllBytes(file);
    int footer = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(whole.length - 8);
    int refused = 0;
    for (int i = whole.length - 8 - footer; i < whole.length; i += 5) {
      for (int value : new int[] {0x00, 0x7f, 0x80, 0xff}) {
        byte[] damaged = whole.clone();
        damaged[i] = (byte) value;
        Files.write(file, damaged);
        try {
          assertThat(read(open(file.toString()))).hasSizeLessThanOrEqualTo(7);
        } catch (InputException | IOException e) {
          assertThat(e).as("byte %d = %x", i, value).hasMessageContaining(file.toString());
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(footer / 10);
  }

  private ImageSource open(String location) throws IOException {
    return ImageSource.open(location, SourceOptions.defaults(), configuration);
  }

  private List<EncodedImage> read(ImageSource source) throws IOException {
    List<EncodedImage> images = new ArrayList<>();
    try (ImageBlockReader reader = new ImageBlockReader(configuration)) {
      for (ImageBlock block : source.blocks()) {
        images.addAll(reader.read(block));
      }
    }
    return images;
  }

  private String fixture(String name) throws IOException {
    Path copy = folder.resolve(name);
    try (InputStream stream = ParquetSourceTest.class.getResourceAsStream("/io/pare/io/" + name)) {
      Files.copy(Objects.requireNonNull(stream, name), copy);
    }
    return copy.toString();
  }
}
