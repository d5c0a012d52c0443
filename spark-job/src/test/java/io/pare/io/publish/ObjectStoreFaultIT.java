package io.pare.io.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.InputException;
import io.pare.io.HadoopFiles;
import io.pare.testing.FaultMatrix;
import io.pare.testing.S3Gate.Fault;
import io.pare.testing.S3Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs whose requests to a server of S3 are cut off, stalled, or answered in part. */
class ObjectStoreFaultIT {
  @RegisterExtension static final S3Server S3 = new S3Server();

  private static final StoredRuns RUNS = new StoredRuns(S3);

  /** When a connection ends, seen from the server. */
  enum Cut {
    BEFORE_THE_SERVER_HEARS_OF_IT,
    BEFORE_THE_CLIENT_HEARS_OF_IT
  }

  @ParameterizedTest
  @EnumSource
  void whicheverRequestIsCutOffTheRunPublishes(Cut cut) throws IOException {
    String folder = "cut-" + cut.name().toLowerCase(Locale.ROOT);
    String output = S3.path(folder + "/out");
    RUNS.run(output, IfExists.FAIL, "run0");
    int n = 1;
    for (; ; n++) {
      CutOff fault = new CutOff(n, cut);
      S3.gate().during(fault);
      String end = RUNS.run(output, IfExists.OVERWRITE, "run" + n);
      S3.gate().open();
      assertThat(end).as("request %s", n).isEqualTo(StoredRuns.PUBLISHED);
      assertThat(success(folder)).as("request %s", n).startsWith("run = run" + n + "\n");
      assertThat(S3.keys(folder + "/out"))
          .as("request %s", n)
          .containsAll(
              StoredRuns.complete("out", "run" + n).stream().map(k -> k.substring(4)).toList());
      if (!fault.hasFired()) {
        break;
      }
    }
    assertThat(n).isGreaterThan(25);
    assertThat(S3.keys(folder)).isEqualTo(StoredRuns.complete("out", "run" + n));
    FaultMatrix.held(
        "S3: the connection ends, " + cut,
        "the n-th request over a result to overwrite, for every n",
        (n - 1) + " requests cut off",
        "each run published, the manifest's own put among them; nothing left beside");
  }

  private static final class CutOff implements Fault {
    private final AtomicInteger count = new AtomicInteger();
    private final int at;
    private final Cut cut;

    private CutOff(int at, Cut cut) {
      this.at = at;
      this.cut = cut;
    }

    private boolean hasFired() {
      return count.get() >= at;
    }

    @Override
    public void before(String request) throws EndOfConnection {
      if (count.incrementAndGet() == at && cut == Cut.BEFORE_THE_SERVER_HEARS_OF_IT) {
        throw new EndOfConnection();
      }
    }

    @Override
    public void after(String request) throws EndOfConnection {
      if (count.get() == at && cut == Cut.BEFORE_THE_CLIENT_HEARS_OF_IT) {
        throw new EndOfConnection();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FAIL", "OVERWRITE"})
  void whereverARunStallsWhenItWakesItChangesNothing(IfExists ifExists) throws IOException {
    int stalls = 0;
    for (int n = 1; ; n++) {
      String folder = "stall-" + ifExists + "/" + n;
      if (ifExists == IfExists.OVERWRITE) {
        RUNS.run(S3.path(folder + "/out"), IfExists.FAIL, "old");
      }
      AtomicInteger left = new AtomicInteger(n);
      String end = stall(folder, left, ifExists);
      S3.gate().open();
      if (left.get() > 0) {
        break;
      }
      stalls++;
      assertThat(end).as("request %s", n).containsAnyOf("taken over", "exists", "published");
      assertThat(success(folder)).as("request %s", n).startsWith("run = other\n");
      for (String key : StoredRuns.complete("out", "other")) {
        assertThat(S3.read(folder + "/" + key)).as("request %s: %s", n, key).isNotEmpty();
      }
      assertThat(
              new HadoopFiles(S3.configuration()).readAll(S3.path(folder + "/out/model.onnx"), 99))
          .asString()
          .isEqualTo("network of other");
    }
    assertThat(stalls).isGreaterThan(10);
    FaultMatrix.held(
        "S3: a stalled run wakes after another has published, if-exists " + ifExists,
        "another run takes the lock and publishes before the n-th request of publishing, for every n",
        stalls + " stalls",
        "fenced off by the etag of the manifest: the published bytes are the other run's");
  }

  /** Publishes; before one of its requests another run takes the lock and publishes. */
  private static String stall(String folder, AtomicInteger left, IfExists ifExists) {
    try (ResultPublisher stalled = RUNS.publisher(S3.path(folder + "/out"), ifExists, "stalled")) {
      stalled.prepare();
      S3.gate().during(new Stall(folder, left));
      stalled.publish(StoredRuns.files("stalled"));
      return StoredRuns.PUBLISHED;
    } catch (InputException e) {
      return e.getMessage();
    }
  }

  /** Holds up every request of a run, its signs of life too, while another publishes. */
  private record Stall(String folder, AtomicInteger left) implements Fault {
    @Override
    public void before(String request) throws IOException {
      synchronized (left) {
        if (left.decrementAndGet() == 0) {
          Path lock = new Path(S3.path(folder + "/.out.work/lock"));
          lock.getFileSystem(S3.direct()).delete(lock, false);
          assertThat(RUNS.overwriteDirectly(S3.path(folder + "/out"), "other"))
              .isEqualTo(StoredRuns.PUBLISHED);
        }
      }
    }
  }

  @Test
  void aListingThatLeavesOutWhatWasJustWrittenLosesAndBreaksNothing() throws IOException {
    String output = S3.path("listing/out");
    RUNS.run(output, IfExists.FAIL, "old");
    PartialListing fault = new PartialListing();
    S3.gate().during(fault);

    assertThat(RUNS.run(output, IfExists.SKIP, "skipping")).isEqualTo("left as it is");
    assertThat(RUNS.run(output, IfExists.OVERWRITE, "new")).isEqualTo(StoredRuns.PUBLISHED);
    assertThat(new HadoopFiles(S3.configuration()).readAll(output + "/model.onnx", 99))
        .asString()
        .isEqualTo("network of new");

    S3.gate().open();
    assertThat(fault.leftOut.get()).isPositive();
    assertThat(success("listing")).startsWith("run = new\n");
    assertThat(S3.keys("listing")).containsAll(StoredRuns.complete("out", "new"));
    try (ResultPublisher publisher = RUNS.publisher(output, IfExists.FAIL, "cleaning")) {
      publisher.clean();
    }
    assertThat(S3.keys("listing")).isEqualTo(StoredRuns.complete("out", "new"));
    FaultMatrix.held(
        "S3: a listing is partial",
        "every listing lacks its last folder and its last object",
        fault.leftOut + " entries left out",
        "skipped and replaced by what the manifest says; readers find the new result, clean removes"
            + " what was left");
  }

  /** Leaves out the last entry of each kind. */
  private static final class PartialListing implements Fault {
    private static final Pattern LAST_OBJECT =
        Pattern.compile("<Contents>(?:(?!<Contents>).)*?</Contents>(?!.*<Contents>)");
    private static final Pattern LAST_FOLDER =
        Pattern.compile(
            "<CommonPrefixes>(?:(?!<CommonPrefixes>).)*?</CommonPrefixes>(?!.*<CommonPrefixes>)");

    private final AtomicInteger leftOut = new AtomicInteger();

    @Override
    public void before(String request) {}

    @Override
    public String listing(String xml) {
      String less = xml;
      for (Pattern last : new Pattern[] {LAST_OBJECT, LAST_FOLDER}) {
        String without = last.matcher(less).replaceFirst("");
        if (!without.equals(less)) {
          leftOut.incrementAndGet();
        }
        less = without;
      }
      return less;
    }
  }

  private static String success(String folder) throws IOException {
    return new String(S3.read(folder + "/out/_SUCCESS"), StandardCharsets.UTF_8);
  }
}
