package io.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pare.testing.KubernetesApi;
import io.pare.testing.SparkSubmit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * pare-kubernetes as far as spark-submit goes without a cluster: the driver's pod is handed to an
 * API server that starts nothing. No image is built and no pod runs here.
 */
class SubmittedToKubernetesIT {

  @Test
  void theDriversPodHasImageTemplateNativesAndTheJob() throws Exception {
    SparkSubmit.requireSpark();
    try (KubernetesApi api = new KubernetesApi()) {
      SparkSubmit.Outcome outcome =
          SparkSubmit.run(
              "pare-kubernetes",
              List.of(
                  "--driver-memory",
                  "1g",
                  "--conf",
                  "spark.kubernetes.submission.waitAppCompletion=false",
                  "--",
                  "inspect",
                  "--model",
                  "hdfs://models/a.onnx"),
              Map.of("KUBERNETES_MASTER", api.url(), "PARE_IMAGE", "pare:test"));

      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
      assertThat(api.created("Pod")).hasSize(1);
      JsonNode spec = api.created("Pod").get(0).path("spec");
      JsonNode container = spec.path("containers").get(0);
      assertThat(container.path("image").asText()).isEqualTo("pare:test");
      assertThat(container.path("args").toString())
          .contains("\"driver\"", "\"io.pare.cli.Main\"", "\"local:///opt/pare/pare.jar\"")
          .endsWith("\"inspect\",\"--model\",\"hdfs://models/a.onnx\"]");
      assertThat(container.path("env").toString())
          .contains("{\"name\":\"OMP_NUM_THREADS\",\"value\":\"1\"}")
          .contains("{\"name\":\"OPENBLAS_NUM_THREADS\",\"value\":\"1\"}");
      assertThat(container.at("/resources/limits/memory").asText())
          .as("1 GiB of heap and 40 % for natives")
          .isEqualTo("1433Mi");
      assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
          .isFalse();
      assertThat(container.path("volumeMounts").toString()).contains("\"mountPath\":\"/tmp\"");
      assertThat(spec.at("/nodeSelector").toString()).contains("amd64");
      assertThat(spec.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
      assertThat(api.created("ConfigMap").toString())
          .contains("-Dlog4j2.configurationFile\\\\=file\\\\:/opt/pare/log4j2.properties")
          .contains("-Dorg.bytedeco.javacpp.cachedir\\\\=./javacpp");
    }
  }

  @Test
  void anObjectStoreIsAllThatIsNeeded() throws Exception {
    SparkSubmit.requireSpark();
    List<String> job =
        List.of(
            "compress",
            "s3a://models/a.onnx",
            "--images",
            "s3a://images/train",
            "--output",
            "s3a://models/a-pared",
            "--result-json",
            "s3a://models/a-pared.result.json");
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--conf", "spark.kubernetes.submission.waitAppCompletion=false"));
    arguments.addAll(
        List.of("--conf", "spark.kubernetes.driver.secretKeyRef.AWS_ACCESS_KEY_ID=keys:id"));
    arguments.add("--");
    arguments.addAll(job);
    try (KubernetesApi api = new KubernetesApi()) {
      SparkSubmit.Outcome outcome =
          SparkSubmit.run("pare-kubernetes", arguments, Map.of("KUBERNETES_MASTER", api.url()));

      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
      JsonNode container = api.created("Pod").get(0).at("/spec/containers/0");
      assertThat(container.path("args").toString())
          .endsWith("\"" + String.join("\",\"", job) + "\"]");
      assertThat(container.path("env").toString())
          .contains("\"name\":\"AWS_ACCESS_KEY_ID\"")
          .contains("\"secretKeyRef\":{\"key\":\"id\",\"name\":\"keys\"}");
      String all = api.created("Pod") + api.created("ConfigMap").toString();
      assertThat(all)
          .as("no other file system, and nothing that would have to be uploaded")
          .doesNotContain("hdfs:", "file:/tmp", "spark.kubernetes.file.upload.path")
          .contains("spark.jars.ivy");
    }
  }

  @Test
  void withoutAClusterTheRemedyIsTold() throws Exception {
    SparkSubmit.Outcome outcome =
        SparkSubmit.run(
            "pare-kubernetes", List.of("--", "inspect"), Map.of("KUBERNETES_MASTER", ""));

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("pare: error: no cluster: set KUBERNETES_MASTER=k8s://");
  }
}
