package io.pare.io.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.io.block.EncodedImage;
import io.pare.io.block.ImageBlock;
import io.pare.testing.DataSetOptions;
import io.pare.testing.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parquet image data sets, written and read back. */
class ParquetImageWriterTest {
  private final Configuration configuration = new Configuration();
  @TempDir private Path folder;

  @Test
  void writesWhatTheSourceReads() throws IOException {
    List<EncodedImage> images = images(40);
    write("a.parquet", images, ParquetImageWriter.DEFAULT_ROW_GROUP_BYTES);

    ImageSource source = open("a.parquet");
    assertThat(ImageFiles.read(source, configuration))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyElementsOf(images);
    source.requireLabels(3);
  }

  @Test
  void writesAnUnknownLabelAsNone() throws IOException {
    write(
        "a.parquet",
        List.of(new EncodedImage(0, "x.png", EncodedImage.NO_LABEL, ImageFiles.png(1))),
        ParquetImageWriter.DEFAULT_ROW_GROUP_BYTES);

    assertThat(ImageFiles.read(open("a.parquet"), configuration))
        .extracting(EncodedImage::label)
        .containsExactly(EncodedImage.NO_LABEL);
    assertThatThrownBy(() -> open("a.parquet").requireLabels(3))
        .hasMessageContaining("1 of 1 images have no label: a.parquet row 0");
  }

  @Test
  void givesTheSameBytesForTheSameImages() throws IOException {
    Path first = write("a.parquet", images(40), 1000);
    Path second = write("b.parquet", images(40), 1000);

    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void endsARowGroupAtItsSizeAndAtAThousandRows() throws IOException {
    byte[] kilobyte = new byte[1000];
    List<EncodedImage> large = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      large.add(new EncodedImage(i, "x", 0, kilobyte));
    }
    write("large.parquet", large, 5000);
    write("small.parquet", images(2001), ParquetImageWriter.DEFAULT_ROW_GROUP_BYTES);

    SourceOptions whole = DataSetOptions.blocksOf(10_000);
    assertThat(ImageSource.open(folder + "/small.parquet", whole, configuration).blocks())
        .extracting(ImageBlock::count)
        .containsExactly(1000, 1000, 1);
    assertThat(ImageSource.open(folder + "/large.parquet", whole, configuration).blocks())
        .allSatisfy(block -> assertThat(block.count()).isBetween(1, 6))
        .hasSizeGreaterThan(3);
  }

  @Test
  void tellsTheClassesToTheLibraryOfHuggingFace() {
    assertThat(ParquetImageWriter.features(List.of("cat", "a \"dog\"")))
        .isEqualTo(
            "{\"info\":{\"features\":{\"image\":{\"_type\":\"Image\"},\"label\":{\"names\":[\"cat\","
                + "\"a \\\"dog\\\"\"],\"_type\":\"ClassLabel\"}}}}");
    assertThat(ParquetImageWriter.features(List.of()))
        .contains("\"label\":{\"dtype\":\"int64\",\"_type\":\"Value\"}");
  }

  @Test
  void noticesADamagedPage() throws IOException {
    Path file = write("a.parquet", images(3), ParquetImageWriter.DEFAULT_ROW_GROUP_BYTES);
    byte[] bytes = Files.readAllBytes(file);
    bytes[80] ^= 1;
    Files.write(file, bytes);

    assertThatThrownBy(() -> ImageFiles.read(open("a.parquet"), configuration))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a.parquet");
  }

  @Test
  void leavesAnExistingFileAlone() throws IOException {
    Path file = ImageFiles.text(folder.resolve("a.parquet"), "mine");

    assertThatThrownBy(() -> write("a.parquet", images(1), 1000))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasContent("mine\n");
  }

  private static List<EncodedImage> images(int count) {
    List<EncodedImage> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      images.add(new EncodedImage(i, "n01/" + i + ".png", i % 3, ImageFiles.png(i)));
    }
    return images;
  }

  private Path write(String name, List<EncodedImage> images, long rowGroupBytes)
      throws IOException {
    Path file = folder.resolve(name);
    try (ParquetImageWriter writer =
        new ParquetImageWriter(
            HadoopOutputFile.fromPath(
                new org.apache.hadoop.fs.Path(file.toString()), configuration),
            List.of("cat", "dog", "owl"),
            rowGroupBytes,
            configuration)) {
      for (EncodedImage image : images) {
        writer.write(image);
      }
    }
    // Hadoop's checksum file would notice a damaged byte before Parquet's own checksum does.
    Files.deleteIfExists(folder.resolve("." + name + ".crc"));
    return file;
  }

  private ImageSource open(String name) throws IOException {
    return ImageSource.open(
        folder.resolve(name).toString(), SourceOptions.defaults(), configuration);
  }
}
