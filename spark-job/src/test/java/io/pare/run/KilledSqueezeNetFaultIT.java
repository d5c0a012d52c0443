package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pare.testing.FaultMatrix;
import io.pare.testing.ForkedDriver;
import io.pare.testing.HdfsTest;
import io.pare.testing.SharedMaterial;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A compression of SqueezeNet 1.1 on images of ImageNet whose driver is killed in one phase after
 * the other, each time followed by the same command, until one is left alone.
 */
class KilledSqueezeNetFaultIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();

  private static final Map<String, Pattern> MARKERS = markers();

  @TempDir private Path logs;

  /** By phase; of those that keep what they finish the first part that this run has kept. */
  private static Map<String, Pattern> markers() {
    Map<String, Pattern> markers = new LinkedHashMap<>();
    for (String phase : List.of("prepare images", "gather")) {
      markers.put(phase, Pattern.compile(phase + " \\.\\.\\."));
    }
    for (String phase : List.of("solve", "sensitivity", "refit")) {
      markers.put(phase, Pattern.compile(phase + " of .+ is finished and kept"));
    }
    for (String phase : List.of("evaluate", "publish")) {
      markers.put(phase, Pattern.compile(phase + " \\.\\.\\."));
    }
    return markers;
  }

  @Test
  void killedInEachPhaseItGoesOnToTheSameBytes() throws Exception {
    DriverKills runs = new DriverKills(HDFS, "compress", keys(), logs);
    long begin = System.nanoTime();
    runs.finish("undisturbed", 0);
    long undisturbed = secondsSince(begin);

    int attempt = 0;
    for (Pattern marker : MARKERS.values()) {
      attempt++;
      runs.killAt(marker, "killed", attempt);
    }
    begin = System.nanoTime();
    ForkedDriver last = runs.finish("killed", attempt + 1);
    long resumed = secondsSince(begin);

    runs.assertSame("killed", "undisturbed");
    List<String> reused = DriverKills.reused(last);
    assertThat(reused).anyMatch(line -> line.contains("solve of "));
    assertThat(reused).anyMatch(line -> line.contains("refit of "));
    assertThat(last.log()).doesNotContain("gather ...").doesNotContain("is finished and kept");
    JsonNode named = runs.report("killed").at("/reused");
    assertThat(named.at("/solve")).isNotEmpty();
    assertThat(named.at("/refit")).isNotEmpty();
    assertThat(resumed).isLessThan(undisturbed);
    FaultMatrix.held(
        "driver killed (-9) in each phase of a compression of SqueezeNet 1.1",
        "kill -9 in " + String.join(", ", MARKERS.keySet()) + "; each time the same command again",
        attempt + " exit codes " + DriverKills.KILLED + ", no output after any of them",
        "same bytes; the last run reused "
            + reused.size()
            + " parts, solved and refitted nothing again, and took "
            + resumed
            + " s instead of "
            + undisturbed
            + " s");
  }

  private static long secondsSince(long nanoTime) {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - nanoTime);
  }

  private static Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("model", SharedMaterial.require("models/squeezenet1.1.onnx").toString());
    keys.put("images", SharedMaterial.require("data/imagenet-sample/train").toString());
    keys.put("target", "params=1.3");
    keys.put("forms", "low-rank-channel");
    keys.put("calibration-images", "24");
    keys.put("samples-per-column", "1");
    keys.put("sensitivity-images", "8");
    return keys;
  }
}
