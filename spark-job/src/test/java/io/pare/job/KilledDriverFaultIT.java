package io.pare.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.testing.FaultMatrix;
import io.pare.testing.ForkedDriver;
import io.pare.testing.HdfsTest;
import io.pare.testing.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A driver that is killed in each phase, or told to end; then the same command again. */
class KilledDriverFaultIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();

  private static final int KILLED = 128 + 9;
  private static final int TERMINATED = 128 + 15;
  private static final String REUSED = "is taken from a checkpoint";

  @TempDir static Path logs;

  private static byte[] undisturbed;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    ForkedDriver driver = start("undisturbed", 0);
    assertThat(driver.end()).as(driver.log()).isZero();
    undisturbed = model("undisturbed");
    assertThat(driver.log()).doesNotContain(REUSED);
  }

  @ParameterizedTest
  @CsvSource({
    "prepare images, prepare images ..., 0",
    "gather, gather ..., 0",
    "solve, is finished and kept, 1",
    "sensitivity, sensitivity ..., 12",
    "refit, refit ..., 12",
    "evaluate, evaluate ..., 18",
    "publish, publish ..., 18"
  })
  void aDriverThatIsKilledLeavesNothingPartialAndTheNextRunGoesOn(
      String phase, String marker, int fewest) throws Exception {
    String output = "killed in " + phase;
    ForkedDriver first = start(output, 1);
    assertThat(first.waitFor(marker)).as(first.log()).isTrue();
    int exitCode = first.kill();
    boolean published = exists(output);
    assertThat(exitCode).isEqualTo(KILLED);
    assertThat(published).as("published before the kill").isFalse();

    ForkedDriver second = start(output, 2);

    assertThat(second.end()).as(second.log()).isZero();
    assertThat(model(output)).isEqualTo(undisturbed);
    long reused = second.log().lines().filter(line -> line.contains(REUSED)).count();
    assertThat(reused).isGreaterThanOrEqualTo(fewest);
    assertThat(named(report(output))).isEqualTo(fewest > 0 || reused > 0);
    if (fewest > 1) {
      assertThat(second.log()).doesNotContain("gather ...");
    }
    assertThat(HDFS.fileSystem().listStatus(new org.apache.hadoop.fs.Path("/" + slug(output))))
        .hasSize(1);
    FaultMatrix.held(
        "driver killed (-9) in the phase " + phase,
        "kill -9 of a forked SparkSubmit once its log says \"" + marker + "\"",
        "exit code " + exitCode + ", no output then",
        "same bytes; " + reused + " parts reused by the rerun, named in log and report");
  }

  @Test
  void aDriverThatIsToldToEndFreesItsLockAndTheNextRunGoesOn() throws Exception {
    ForkedDriver first = start("terminated", 1);
    assertThat(first.waitFor("refit ...")).as(first.log()).isTrue();

    int exitCode = first.terminate();

    assertThat(exitCode).isEqualTo(TERMINATED);
    assertThat(first.log()).contains("stopped before the end: the lock on");
    assertThat(exists("terminated")).isFalse();
    ForkedDriver second = start("terminated", 2);
    assertThat(second.end()).as(second.log()).isZero();
    assertThat(second.log()).contains(REUSED).doesNotContain("taking over the lock");
    assertThat(model("terminated")).isEqualTo(undisturbed);
    FaultMatrix.held(
        "SIGTERM",
        "destroy() of a forked SparkSubmit in the phase refit",
        "exit code " + exitCode,
        "lock freed, layers reused, same bytes");
  }

  private static boolean named(JsonNode report) {
    return report.at("/reused").elements().hasNext();
  }

  private static ForkedDriver start(String output, int attempt) throws IOException {
    Map<String, String> keys = Sample.compression(path(output));
    keys.remove("validation");
    keys.put("calibration-images", "60");
    keys.put("samples-per-column", "1");
    keys.put("sensitivity-images", "20");
    keys.put("lock-timeout", "3");
    return ForkedDriver.start(logs.resolve(slug(output) + attempt + ".log"), "compress", keys);
  }

  private static String slug(String output) {
    return output.replace(' ', '-');
  }

  private static String path(String output) {
    return HDFS.path("/" + slug(output) + "/out");
  }

  private static boolean exists(String output) throws IOException {
    return HDFS.fileSystem().exists(new org.apache.hadoop.fs.Path(path(output)));
  }

  private static byte[] model(String output) throws IOException {
    return read(output, "model.onnx");
  }

  private static JsonNode report(String output) throws IOException {
    return new ObjectMapper().readTree(read(output, "report.json"));
  }

  private static byte[] read(String output, String name) throws IOException {
    try (FSDataInputStream in =
        HDFS.fileSystem().open(new org.apache.hadoop.fs.Path(path(output) + "/" + name))) {
      return in.readAllBytes();
    }
  }
}
