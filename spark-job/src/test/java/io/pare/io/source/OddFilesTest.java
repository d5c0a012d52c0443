package io.pare.io.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pare.InputException;
import io.pare.io.HadoopFiles;
import io.pare.io.block.EncodedImage;
import io.pare.testing.BadInputs;
import io.pare.testing.HandledInputs;
import io.pare.testing.ImageFiles;
import io.pare.testing.ImageFixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that are none, and names that Hadoop does not expect. */
@Timeout(60)
class OddFilesTest {
  private final Configuration configuration = new Configuration();
  @TempDir private Path folder;

  @Test
  void aColonInTheNameOfAnImageIsReadLikeAnyOther() throws IOException {
    String longest = "a".repeat(246) + ".png";
    ImageFiles.write(folder.resolve("2026-11-26T10:00:00.png"), ImageFiles.png(1));
    ImageFiles.write(folder.resolve(longest), ImageFiles.png(2));

    List<EncodedImage> images = read();

    assertThat(images)
        .extracting(EncodedImage::name)
        .containsExactly("2026-11-26T10:00:00.png", longest);
    assertThat(images.get(0).bytes()).isEqualTo(ImageFiles.png(1));
    HandledInputs.handled("image with a colon in its name", "read like any other", "");
    HandledInputs.handled("image with a name of 250 characters", "read like any other", "");
  }

  @Test
  void aPipeAmongImagesIsNotWaitedFor() throws Exception {
    ImageFiles.write(folder.resolve("good.png"), ImageFiles.png(1));
    pipe("x.jpg");

    List<EncodedImage> images = read();

    assertThat(images).extracting(EncodedImage::name).containsExactly("good.png", "x.jpg");
    assertThat(images.get(1).bytes()).isEmpty();
    HandledInputs.handled("pipe or device among images", "a bad image, never opened", "");
  }

  @Test
  void aPipeInThePlaceOfAFileIsRefused() throws Exception {
    Path pipe = pipe("model.onnx");

    InputException refused =
        catchThrowableOfType(
            InputException.class,
            () -> new HadoopFiles(configuration).readAll(pipe.toString(), 1000));

    assertThat(refused).hasMessageContaining("is a pipe or a device, not a file");
    assertThatThrownBy(
            () -> ImageSource.open(pipe.toString(), SourceOptions.defaults(), configuration))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a pipe or a device, not a file");
    BadInputs.refused(
        "file", "pipe or device", refused.getMessage().replace(folder.toString(), ""), "3");
  }

  @Test
  void aNetworkWithAColonInItsNameIsRead() throws IOException {
    Path model = Files.write(folder.resolve("net:1.onnx"), new byte[] {1, 2});

    assertThat(new HadoopFiles(configuration).readAll(model.toString(), 10)).containsExactly(1, 2);
    HandledInputs.handled("network with a colon in its name", "read like any other", "");
  }

  @Test
  void aParquetFileWhoseCodecIsMissingIsRefusedBeforeItIsRead() throws IOException {
    byte[] file = ImageFixtures.read("huggingface.parquet");
    int low = file[file.length - 8] & 0xff;
    int high = file[file.length - 7] & 0xff;
    int footer = file.length - 8 - (256 * high + low);
    int changed = 0;
    for (int i = footer; i < file.length - 9; i++) {
      // The codec of a column in Thrift's compact form: SNAPPY becomes LZO.
      if (file[i] == 0x15 && file[i + 1] == 0x02 && file[i + 2] == 0x16) {
        file[i + 1] = 0x06;
        changed++;
      }
    }
    assertThat(changed).isPositive();
    Path path = Files.write(folder.resolve("lzo.parquet"), file);

    InputException refused =
        catchThrowableOfType(
            InputException.class,
            () -> ImageSource.open(path.toString(), SourceOptions.defaults(), configuration));

    assertThat(refused).hasMessageContaining("is compressed with LZO, for which no codec");
    assertThat(refused.kind().exitCode()).isEqualTo(3);
    BadInputs.refused(
        "Parquet",
        "codec that is missing",
        refused.getMessage().replace(folder.toString(), ""),
        "3");
  }

  private List<EncodedImage> read() throws IOException {
    return ImageFiles.read(
        ImageSource.open(folder.toString(), SourceOptions.defaults(), configuration),
        configuration);
  }

  private Path pipe(String name) throws Exception {
    Path pipe = folder.resolve(name);
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }
}
