package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.pare.InputException;
import io.pare.testing.ImageFiles;
import io.pare.testing.SparkTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the next run takes over of one that ended, and what it computes again. */
class ResumeIT {
  @RegisterExtension static final SparkTest SPARK = new SparkTest();

  private static final String RUN = "run";

  @TempDir private Path folder;
  private GoalJobs jobs;

  /** A run that has solved everything, and then misses its limit. */
  @BeforeEach
  void endARunAfterItsLastLayer() throws IOException {
    jobs = new GoalJobs(folder);
    Map<String, String> keys = keys("params=1.5,max-kl=0");
    keys.put("rounds", "1");
    assertThatThrownBy(() -> GoalJobs.compress(SPARK.context(), keys))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("max-kl");
  }

  @Test
  void anotherTargetTakesOverWhatDoesNotDependOnIt() throws IOException {
    JsonNode reused = reused(keys("params=1.4"));

    assertThat(reused.has("solve")).as("%s", reused).isTrue();
    assertThat(reused.has("sensitivity")).as("%s", reused).isTrue();
  }

  @Test
  void otherImagesTakeNothingOver() throws IOException {
    Map<String, String> keys = keys("params=1.4");
    keys.put("calibration-images", "59");

    assertThat(reused(keys)).isEmpty();
  }

  /** Of the files only the pixels differ: names, lengths and times stay as they were. */
  @Test
  void imagesOfOtherContentTakeNothingOver() throws IOException {
    List<Path> images = bitmaps();
    Map<String, String> keys = jobs.keys("pixels", GoalJobs.plain(), "params=1.5,max-kl=0");
    keys.put("images", images.get(0).getParent().toString());
    keys.put("forms", "low-rank-channel");
    keys.put("rounds", "1");
    assertThatThrownBy(() -> GoalJobs.compress(SPARK.context(), keys))
        .hasMessageContaining("max-kl");
    Path changed = images.get(41);
    FileTime time = Files.getLastModifiedTime(changed);
    byte[] bytes = Files.readAllBytes(changed);
    bytes[bytes.length - 1] ^= 1;
    Files.write(changed, bytes);
    Files.setLastModifiedTime(changed, time);
    keys.put("target", "params=1.4");
    keys.put("rounds", "4");

    assertThat(GoalJobs.compress(SPARK.context(), keys)).contains("published ");

    assertThat(jobs.report("pixels").at("/reused")).isEmpty();
  }

  private List<Path> bitmaps() throws IOException {
    Random random = new Random(5);
    List<Path> files = new ArrayList<>();
    for (int k = 0; k < 60; k++) {
      BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_3BYTE_BGR);
      for (int pixel = 0; pixel < 28 * 28; pixel++) {
        image.setRGB(pixel % 28, pixel / 28, random.nextInt(1 << 24));
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(image, "bmp", bytes);
      Path file = folder.resolve("bitmaps").resolve("%02d.bmp".formatted(k));
      ImageFiles.write(file, bytes.toByteArray());
      files.add(file);
    }
    return files;
  }

  @Test
  void anotherSettingTakesNothingOver() throws IOException {
    Map<String, String> keys = keys("params=1.4");
    keys.put("ridge", "0.002");

    assertThat(reused(keys)).isEmpty();
  }

  @Test
  void imagesThatAreSeenInAnotherWayTakeNothingOver() throws IOException {
    Map<String, String> keys = keys("params=1.4");
    keys.put("preprocessing", "torchvision,resize=none,crop=none,mean=0.4,std=0.5");

    assertThat(reused(keys)).isEmpty();
  }

  private Map<String, String> keys(String target) throws IOException {
    Map<String, String> keys = jobs.keys(RUN, GoalJobs.plain(), target);
    keys.put("forms", "low-rank-channel");
    return keys;
  }

  private JsonNode reused(Map<String, String> keys) throws IOException {
    assertThat(GoalJobs.compress(SPARK.context(), keys)).contains("published ");
    return jobs.report(RUN).at("/reused");
  }
}
