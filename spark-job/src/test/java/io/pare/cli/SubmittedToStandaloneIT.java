package io.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.testing.Sample;
import io.pare.testing.SparkSubmit;
import io.pare.testing.StandaloneCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** pare-standalone against a real master and worker: the executor is a JVM of its own. */
class SubmittedToStandaloneIT {
  @TempDir private Path folder;

  @Test
  void theJobRunsOnAnExecutorAndIsUpToDateTheSecondTime() throws Exception {
    Path sparkHome = SparkSubmit.requireSpark();
    Path output = folder.resolve("half");
    try (StandaloneCluster cluster = new StandaloneCluster(sparkHome, folder)) {
      SparkSubmit.Outcome first = submit(cluster, Sample.quickest(output.toUri().toString()));

      assertThat(first.exitCode()).as(first.err()).isZero();
      assertThat(first.out()).contains("published ");
      assertThat(output).isDirectoryContaining("glob:**/_SUCCESS");
      assertThat(unpackedNatives()).as("natives in the folder of the executor").isTrue();

      Path told = folder.resolve("result.json");
      List<String> again = new ArrayList<>(Sample.quickest(output.toUri().toString()));
      again.addAll(List.of("--if-exists", "skip", "--result-json", told.toString()));
      assertThat(submit(cluster, again).exitCode()).isZero();

      assertThat(new ObjectMapper().readTree(told.toFile()).path("status").asText())
          .isEqualTo("up-to-date");
    }
  }

  @Test
  void withoutAMasterTheRemedyIsTold() throws Exception {
    SparkSubmit.Outcome outcome =
        SparkSubmit.run("pare-standalone", List.of("--", "inspect"), Map.of("SPARK_MASTER", ""));

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("pare: error: no master: set SPARK_MASTER=spark://");
  }

  private boolean unpackedNatives() throws Exception {
    try (Stream<Path> files = Files.walk(folder.resolve("work"))) {
      return files.anyMatch(file -> file.endsWith("javacpp"));
    }
  }

  private static SparkSubmit.Outcome submit(StandaloneCluster cluster, List<String> job)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("--driver-memory", "1g"));
    arguments.addAll(List.of("--executor-memory", "1g", "--conf", "spark.ui.enabled=false"));
    arguments.addAll(List.of("--conf", "spark.driver.host=127.0.0.1", "--"));
    arguments.addAll(job);
    return SparkSubmit.run("pare-standalone", arguments, Map.of("SPARK_MASTER", cluster.url()));
  }
}
