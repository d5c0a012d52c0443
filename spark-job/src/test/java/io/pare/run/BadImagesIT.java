package io.pare.run;

import static io.pare.testing.ModelBuilder.ints;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pare.io.preprocessing.Preprocessing;
import io.pare.io.source.ImageSource;
import io.pare.io.source.SourceOptions;
import io.pare.stage.images.PrepareImagesStage;
import io.pare.stage.images.PreparedImage;
import io.pare.stage.images.PreparedImages;
import io.pare.testing.BadInputs;
import io.pare.testing.ImageFiles;
import io.pare.testing.ImageFixtures;
import io.pare.testing.ModelBuilder;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand small images, some of them bad. */
class BadImagesIT {
  @RegisterExtension static final SparkTest SPARK = new SparkTest();

  private static final int IMAGES = 10_000;
  private static final int PIXEL_LIMIT = 10_000;

  @TempDir private Path folder;

  /** Each kind of file that holds no pixels, by its place in the data set. */
  private static Map<Integer, byte[]> bad() throws IOException {
    byte[] jpeg = ImageFixtures.read("images/rgb-420.jpg");
    byte[] huge = ImageFixtures.read("images/rgb.bmp");
    ByteBuffer.wrap(huge).putInt(18, 0xffffff7f).putInt(22, 0xffffff7f);
    byte[] corrupt = ImageFixtures.read("images/rgb.png");
    corrupt[corrupt.length - 14] ^= 1;
    Map<Integer, byte[]> bad = new TreeMap<>();
    bad.put(0, new byte[0]);
    bad.put(33, "<html>".getBytes(StandardCharsets.US_ASCII));
    bad.put(1_000, new byte[100]);
    bad.put(4_999, Arrays.copyOf(jpeg, jpeg.length / 2));
    bad.put(5_000, huge);
    bad.put(7_777, "II*\u0000\b\u0000\u0000\u0000".getBytes(StandardCharsets.ISO_8859_1));
    bad.put(9_999, corrupt);
    return bad;
  }

  @Test
  void sevenOfTenThousandAreCountedAndNamedAndTheOthersUnharmed() throws IOException {
    Map<Integer, byte[]> bad = bad();
    GoalJobs jobs = new GoalJobs(folder);
    Path damaged = dataSet("damaged.tar", bad);

    GoalJobs.compress(SPARK.context(), keys(jobs, damaged));

    List<String> named = new ArrayList<>();
    jobs.report("small").at("/badImages").forEach(line -> named.add(line.asText()));
    assertThat(named)
        .containsExactly(
            name(0) + ": empty: the file has no bytes",
            name(33) + ": not an image: the content begins like no image format (3c 68 74 6d)",
            name(1_000) + ": not an image: the content begins like no image format (00 00 00 00)",
            named.get(3),
            named.get(4),
            name(7_777) + ": unsupported: TIFF is not read; convert it to JPEG, PNG, GIF or BMP",
            named.get(6));
    assertThat(named.get(3)).startsWith(name(4_999) + ": truncated");
    assertThat(named.get(4)).startsWith(name(5_000) + ": too large");
    assertThat(named.get(6)).startsWith(name(9_999) + ": corrupt");
    Map<Long, byte[]> good = pixels(dataSet("sound.tar", Map.of()));
    bad.keySet().forEach(id -> good.remove((long) id));
    Map<Long, byte[]> left = pixels(damaged);
    assertThat(left.keySet()).isEqualTo(good.keySet()).hasSize(IMAGES - bad.size());
    assertThat(left).allSatisfy((id, pixels) -> assertThat(pixels).isEqualTo(good.get(id)));
  }

  @Test
  void fiveOfAHundredEndTheJobWithTheFirstNames() throws IOException {
    Map<Integer, byte[]> bad = new TreeMap<>();
    for (int k = 0; k < IMAGES / 20; k++) {
      bad.put(20 * k, new byte[0]);
    }
    Path images = dataSet("bad.tar", bad);
    GoalJobs jobs = new GoalJobs(folder);

    Throwable failure =
        catchThrowable(() -> GoalJobs.compress(SPARK.context(), keys(jobs, images)));

    assertThat(Failure.exitCode(failure)).isEqualTo(3);
    String message = Failure.message(failure);
    assertThat(message)
        .contains("500 of 10000 images are bad, 10 are allowed; the first are ")
        .contains(name(0) + " (empty: the file has no bytes), " + name(20) + " (")
        .contains(name(80))
        .doesNotContain(name(100))
        .contains("mend them or raise max-bad-images");
    assertThat(jobs.output("small")).doesNotExist();
    BadInputs.refused("image", "5 % of 10,000", message.replace(folder.toString(), ""), "3");
  }

  private static String name(int image) {
    return "%05d.png".formatted(image);
  }

  private Path dataSet(String file, Map<Integer, byte[]> replaced) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int image = 0; image < IMAGES; image++) {
      byte[] other = replaced.get(image);
      files.put(name(image), other == null ? ImageFiles.png(name(image)) : other);
    }
    return ImageFiles.tar(folder.resolve(file), files);
  }

  private static Map<String, String> keys(GoalJobs jobs, Path images) throws IOException {
    byte[] network =
        ModelBuilder.seeded(31)
            .input("x", -1, 3, 4, 6)
            .conv("first", "x", 8, 3, 3, ints("pads", 1, 1, 1, 1))
            .relu("r1", "first")
            .conv("second", "r1", 8, 8, 1)
            .relu("r2", "second")
            .globalAveragePool("mean", "r2")
            .flatten("flat", "mean")
            .gemm("dense", "flat", 4, 8)
            .output("dense", -1, 4)
            .bytes();
    Map<String, String> keys = jobs.keys("small", network, "params=1.3");
    keys.put("images", images.toString());
    keys.put("calibration-images", "0");
    keys.put("preprocessing", "raw,scale=1/255");
    keys.put("forms", "low-rank-channel");
    keys.put("pixel-limit", Integer.toString(PIXEL_LIMIT));
    return keys;
  }

  private static Map<Long, byte[]> pixels(Path images) throws IOException {
    PrepareImagesStage stage =
        new PrepareImagesStage(
            SPARK.context(),
            new PrepareImagesStage.Settings(
                Preprocessing.parse("raw,scale=1/255", 4, 6), PIXEL_LIMIT, 0.001, 0));
    PreparedImages prepared =
        stage.run(
            ImageSource.open(
                images.toString(), SourceOptions.defaults(), SPARK.context().hadoopConfiguration()),
            0);
    Map<Long, byte[]> pixels = new TreeMap<>();
    prepared.blocks().collect().stream()
        .flatMap(block -> block.images().stream())
        .forEach((PreparedImage image) -> pixels.put(image.id(), image.pixels().samples()));
    prepared.release();
    return pixels;
  }
}
