package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.FaultMatrix;
import io.pare.testing.ForkedDriver;
import io.pare.testing.S3Gate.Fault;
import io.pare.testing.S3Server;
import io.pare.testing.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Drivers that publish to a server of S3 and are killed around the put that publishes. */
class KilledStoredRunFaultIT {
  @RegisterExtension static final S3Server S3 = new S3Server();

  private static final String MANIFEST = "/out/_SUCCESS";

  @TempDir static Path folder;

  private static Map<String, String> keys;
  private static byte[] undisturbed;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    keys = new GoalJobs(folder).keys("plain", GoalJobs.plain(), "params=1.5");
    keys.put("model", S3.upload(Path.of(keys.get("model")), "models/plain.onnx"));
    keys.put("images", S3.upload(Sample.path("calibration.parquet"), "images/calibration.parquet"));
    keys.put("forms", "low-rank-channel,kept-inputs");
    keys.put("lock-timeout", "3");
    ForkedDriver driver = start("undisturbed", "fail");
    assertThat(driver.end()).as(driver.log()).isZero();
    assertThat(DriverKills.reused(driver)).isEmpty();
    undisturbed = network("undisturbed");
    assertThat(S3.keys("undisturbed")).allMatch(key -> key.startsWith("out/"));
  }

  private static ForkedDriver start(String name, String ifExists) throws IOException {
    Map<String, String> all = new LinkedHashMap<>(keys);
    all.put("output", S3.path(name + "/out"));
    all.put("if-exists", ifExists);
    Path log = folder.resolve(name + "-" + ifExists + ".log");
    return ForkedDriver.start(log, S3.options(), "compress", all);
  }

  private static byte[] network(String name) throws IOException {
    String success = new String(S3.read(name + MANIFEST), StandardCharsets.UTF_8);
    String run = success.substring(success.indexOf("files = ") + "files = ".length()).strip();
    return S3.read(name + "/out/" + run + "/model.onnx");
  }

  /** Kills a driver around its put of the manifest. */
  private record Kill(CompletableFuture<ForkedDriver> driver, boolean before) implements Fault {
    @Override
    public void before(String request) throws Exception {
      if (before && isCommit(request)) {
        driver.get().kill();
        throw new EndOfConnection();
      }
    }

    @Override
    public void after(String request) throws Exception {
      if (!before && isCommit(request)) {
        driver.get().kill();
      }
    }

    private static boolean isCommit(String request) {
      return request.startsWith("PUT ") && request.endsWith(MANIFEST);
    }
  }

  private static void kill(String name, boolean before) throws Exception {
    CompletableFuture<ForkedDriver> driver = new CompletableFuture<>();
    S3.gate().during(new Kill(driver, before));
    driver.complete(start(name, "fail"));
    assertThat(driver.get().end()).as(driver.get().log()).isEqualTo(DriverKills.KILLED);
    S3.gate().open();
  }

  @Test
  void aDriverThatIsKilledBeforeItsManifestIsPutLeavesNoResultAndTheNextGoesOn() throws Exception {
    kill("before", true);
    assertThat(S3.keys("before")).contains(".out.work/lock").doesNotContain("out/_SUCCESS");
    assertThat(S3.keys("before/out")).as("its parts").isNotEmpty();

    ForkedDriver second = start("before", "overwrite");
    assertThat(second.end()).as(second.log()).isZero();

    int reused = DriverKills.reused(second).size();
    assertThat(reused).isGreaterThanOrEqualTo(10);
    assertThat(network("before")).isEqualTo(undisturbed);
    assertThat(S3.keys("before"))
        .hasSize(S3.keys("undisturbed").size())
        .allMatch(key -> key.startsWith("out/"));
    FaultMatrix.held(
        "S3: driver killed (-9) before its manifest is put",
        "kill -9 of a forked SparkSubmit when the put arrives at the server",
        "exit code " + DriverKills.KILLED + ", no manifest then",
        "same bytes; " + reused + " parts reused by the rerun; the parts of the dead run are gone");
  }

  @Test
  void aDriverThatIsKilledAfterItsManifestWasPutHasPublished() throws Exception {
    kill("after", false);
    assertThat(network("after")).isEqualTo(undisturbed);

    ForkedDriver second = start("after", "skip");
    assertThat(second.end()).as(second.log()).isZero();

    assertThat(second.log()).contains("is there already and is left as it is");
    Path log = folder.resolve("clean.log");
    ForkedDriver clean =
        ForkedDriver.start(log, S3.options(), "clean", List.of(S3.path("after/out")));
    assertThat(clean.end()).as(clean.log()).isZero();
    assertThat(network("after")).isEqualTo(undisturbed);
    assertThat(S3.keys("after")).allMatch(key -> key.startsWith("out/"));
    FaultMatrix.held(
        "S3: driver killed (-9) after its manifest was put",
        "kill -9 of a forked SparkSubmit before it hears of the put",
        "exit code " + DriverKills.KILLED + ", the manifest stands",
        "same bytes; the next run finds the result, clean removes lock and checkpoints");
  }

  @Test
  void ofTwoDriversAtOnceOnePublishes() throws Exception {
    ForkedDriver first = start("two", "fail");
    ForkedDriver second = start("two", "skip");

    int one = first.end();
    int other = second.end();

    String told = first.log() + second.log();
    assertThat(told)
        .containsAnyOf("is at work on it", "exists", "is left as it is", "published by");
    assertThat(List.of(one, other)).as(told).contains(0).isSubsetOf(0, 2);
    assertThat(told.lines().filter(line -> line.startsWith("published "))).hasSize(1);
    assertThat(network("two")).isEqualTo(undisturbed);
    assertThat(S3.keys("two")).allMatch(key -> key.startsWith("out/"));
    FaultMatrix.held(
        "S3: two runs on one output",
        "two forked SparkSubmits at once",
        "exit codes " + one + " and " + other,
        "one published, the other was told so; same bytes, nothing beside");
  }
}
