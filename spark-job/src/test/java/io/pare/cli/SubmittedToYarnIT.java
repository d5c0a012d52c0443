package io.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.testing.Sample;
import io.pare.testing.SparkSubmit;
import io.pare.testing.YarnCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** pare-yarn against a real ResourceManager and NodeManager: the driver runs in a container too. */
class SubmittedToYarnIT {
  @TempDir private Path folder;

  @Test
  void theJobRunsInContainersAndAFailureIsToldBesideYarnsOwnExitCode() throws Exception {
    Path sparkHome = SparkSubmit.requireSpark();
    Path output = folder.resolve("half");
    Path told = folder.resolve("result.json");
    List<String> job = new ArrayList<>(Sample.quickest(output.toUri().toString()));
    job.addAll(List.of("--result-json", told.toUri().toString()));
    try (YarnCluster cluster = new YarnCluster(folder)) {
      SparkSubmit.Outcome done = submit(cluster, sparkHome, job);

      assertThat(done.exitCode()).as(() -> done.err() + logs(cluster)).isZero();
      assertThat(output).isDirectoryContaining("glob:**/_SUCCESS");
      assertThat(new ObjectMapper().readTree(told.toFile()).path("status").asText())
          .isEqualTo("done");
      assertThat(logs(cluster)).contains("top-1 %");

      SparkSubmit.Outcome refused = submit(cluster, sparkHome, job);

      assertThat(refused.exitCode()).isEqualTo(1);
      JsonNode result = new ObjectMapper().readTree(told.toFile());
      assertThat(result.path("status").asText()).isEqualTo("failed");
      assertThat(result.path("exitCode").asInt()).isEqualTo(2);
      assertThat(result.path("error").asText()).contains("half exists: choose another path");
    }
  }

  @Test
  void withoutAConfigurationOfYarnTheRemedyIsTold() throws Exception {
    SparkSubmit.Outcome outcome =
        SparkSubmit.run(
            "pare-yarn",
            List.of("--", "inspect"),
            Map.of("HADOOP_CONF_DIR", "", "YARN_CONF_DIR", ""));

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("pare: error: no YARN: set HADOOP_CONF_DIR");
  }

  private SparkSubmit.Outcome submit(YarnCluster cluster, Path sparkHome, List<String> job)
      throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--driver-memory", "1g", "--executor-memory", "1g"));
    arguments.addAll(List.of("--num-executors", "1"));
    arguments.addAll(conf("spark.ui.enabled", "false"));
    arguments.addAll(conf("spark.yarn.stagingDir", folder.resolve("staging").toUri().toString()));
    // The containers start on this machine: Spark need not travel.
    arguments.addAll(conf("spark.yarn.jars", "local:" + sparkHome.resolve("jars/*")));
    arguments.addAll(conf("spark.yarn.appMasterEnv.JAVA_HOME", System.getProperty("java.home")));
    arguments.addAll(conf("spark.executorEnv.JAVA_HOME", System.getProperty("java.home")));
    arguments.add("--");
    arguments.addAll(job);
    return SparkSubmit.run(
        "pare-yarn", arguments, Map.of("HADOOP_CONF_DIR", cluster.clients().toString()));
  }

  private static List<String> conf(String key, String value) {
    return List.of("--conf", key + "=" + value);
  }

  /** What drivers and executors printed. */
  private static String logs(YarnCluster cluster) {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(cluster.logs())) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith("std")).toList()) {
        all.append(Files.readString(file));
      }
    } catch (IOException e) {
      all.append(e);
    }
    return all.toString();
  }
}
