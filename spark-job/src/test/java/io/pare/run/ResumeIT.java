package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.pare.InputException;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
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
