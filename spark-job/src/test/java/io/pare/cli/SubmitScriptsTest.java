package io.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.SparkSubmit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubmitScriptsTest {
  @TempDir private Path folder;

  @Test
  void aDryRunPrintsOneCommandWithTheOptionsOfSparkBeforeTheJarAndThoseOfTheJobAfter()
      throws Exception {
    SparkSubmit.Outcome outcome =
        submit("--dry-run", "--master", "local[2]", "--", "compress", "--keep", "conv 1");

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out().lines()).hasSize(1);
    assertThat(outcome.out())
        .startsWith(folder + "/bin/spark-submit --class io.pare.cli.Main ")
        .contains(
            "--properties-file "
                + SparkSubmit.repository()
                + "/conf/spark-defaults.conf"
                + " --load-spark-defaults ")
        .contains(
            "/conf/log4j2.properties --master local\\[2\\] job.jar compress --keep conv\\ 1 ");
  }

  @Test
  void inClusterModeTheLoggingConfigurationTravelsWithTheJob() throws Exception {
    assertThat(submit("--dry-run", "--deploy-mode", "cluster", "--", "compress").out())
        .contains("--files " + SparkSubmit.repository() + "/conf/log4j2.properties ")
        .contains(
            "-Dlog4j2.configurationFile=log4j2.properties\\ -Dorg.bytedeco.javacpp.cachedir=");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pare-local      | --master local\\[\\*\\] --driver-memory 4g",
        "pare-standalone | --master spark://host:7077 --deploy-mode client",
        "pare-yarn       | --master yarn --deploy-mode cluster",
        "pare-kubernetes | --master k8s://https://host:6443 --deploy-mode cluster --conf spark.kubernetes.container.image=pare --conf spark.jars.ivy=/tmp/ivy",
      })
  void eachVariantHasADryRunInWhichTheOptionsOfTheUserComeLast(String script, String preset)
      throws Exception {
    SparkSubmit.Outcome outcome =
        SparkSubmit.run(
            script, List.of("--dry-run", "--driver-memory", "9g", "--", "inspect"), clusters());

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains(" " + preset + " ")
        .endsWith(" --driver-memory 9g job.jar inspect \n");
  }

  @Test
  void onKubernetesAnObjectStoreIsAllThatIsNeeded() throws Exception {
    Map<String, String> environment = new HashMap<>(clusters());
    environment.put("PARE_JAR", "");
    SparkSubmit.Outcome outcome =
        SparkSubmit.run(
            "pare-kubernetes",
            List.of(
                "--dry-run",
                "--packages",
                "org.apache.hadoop:hadoop-aws:3.4.2",
                "--",
                "compress",
                "s3a://models/a.onnx",
                "--images",
                "s3a://images/train",
                "--output",
                "s3a://models/pared"),
            environment);

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains(" --conf spark.jars.ivy=/tmp/ivy ")
        .contains(" --packages org.apache.hadoop:hadoop-aws:3.4.2 local:///opt/pare/pare.jar ")
        .endsWith(
            " compress s3a://models/a.onnx --images s3a://images/train --output s3a://models/pared \n")
        .doesNotContain("hdfs", "--files", "file.upload.path");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "inspect m.onnx                      | --driver-memory 4g %s inspect m.onnx",
        "--version                           | --driver-memory 4g %s --version",
        "-- inspect m.onnx                   | --driver-memory 4g %s inspect m.onnx",
        "--master yarn --name x -- inspect m | --driver-memory 4g --master yarn --name x %s inspect m",
      })
  void theCommandTakesOptionsOfSparkSubmitOnlyBeforeASeparator(String words, String call)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of(words.split(" ", -1)));
    if (!arguments.contains("--")) {
      arguments.add(0, "--");
    }
    arguments.add(0, "--dry-run");

    SparkSubmit.Outcome outcome =
        SparkSubmit.run("pare", arguments, Map.of("SPARK_HOME", home(), "PARE_JAR", "job.jar"));

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).endsWith(" " + call.formatted("job.jar") + " \n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "compress hdfs:///m/vgg16.onnx --images x | pare\\ compress\\ vgg16.onnx",
        "sweep --images x --model a/b.onnx        | pare\\ sweep\\ b.onnx",
        "compress --zoo zoo.yaml --output compress | pare\\ compress\\ zoo.yaml",
        "compress --config my.conf                | pare\\ compress",
      })
  void theApplicationIsNamedForItsCommandAndNetwork(String words, String name) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("--dry-run", "--"));
    arguments.addAll(List.of(words.split(" ")));

    assertThat(submit(arguments.toArray(String[]::new)).out())
        .contains(" --name " + name + " --properties-file ");
  }

  @Test
  void aSparkThatIsTooOldIsNamed() throws Exception {
    Files.createDirectories(folder.resolve("jars"));
    Files.writeString(folder.resolve("jars/spark-core_2.13-3.5.7.jar"), "");

    SparkSubmit.Outcome outcome = submit("--dry-run", "--", "inspect");

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo(
            "pare: error: the Spark in %s is 3.5.7, and Pare needs 4.0 or 4.1: set SPARK_HOME\n"
                .formatted(folder));
  }

  @Test
  void javaOptionsOfTheUserJoinThoseThatTheJobNeeds() throws Exception {
    for (List<String> given :
        List.of(
            List.of("--driver-java-options", "-Dx=1 -Dy=2"),
            List.of("--driver-java-options=-Dx=1 -Dy=2"),
            List.of("--driver-java-options", "-Dx=1", "--driver-java-options=-Dy=2"))) {
      List<String> arguments = new ArrayList<>(given);
      arguments.addAll(0, List.of("--dry-run"));
      arguments.addAll(List.of("--", "inspect"));

      assertThat(submit(arguments.toArray(String[]::new)).out())
          .containsOnlyOnce("--driver-java-options")
          .contains("/conf/log4j2.properties\\ -Dx=1\\ -Dy=2 job.jar");
    }
  }

  @Test
  void aJavaThatSparkCannotUseIsNamed() throws Exception {
    Path java = folder.resolve("jdk/bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(java, "#!/bin/sh\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"11.0.2\"\n");
    Files.writeString(folder.resolve("job.jar"), "");

    SparkSubmit.Outcome outcome =
        SparkSubmit.run(
            "pare",
            List.of("inspect"),
            Map.of(
                "SPARK_HOME", home(),
                "PARE_JAR", folder.resolve("job.jar").toString(),
                "JAVA_HOME", folder.resolve("jdk").toString()));

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo(
            "pare: error: "
                + java
                + " is older than Java 17, which Spark needs: set JAVA_HOME to a JDK 17\n");
  }

  /** An environment in which every variant finds its cluster. */
  private Map<String, String> clusters() throws IOException {
    return Map.of(
        "SPARK_HOME", home(),
        "PARE_JAR", "job.jar",
        "SPARK_MASTER", "spark://host:7077",
        "KUBERNETES_MASTER", "k8s://https://host:6443",
        "HADOOP_CONF_DIR", folder.toString());
  }

  @Test
  void withoutAnInstallationOfSparkThatOfPipIsFound() throws Exception {
    Path pyspark = Files.createDirectories(folder.resolve("site/pyspark"));
    Files.writeString(pyspark.resolve("__init__.py"), "__version__ = '4.1.0'\n");

    SparkSubmit.Outcome outcome =
        SparkSubmit.run(
            "find-spark.sh",
            List.of(),
            Map.of(
                "SPARK_HOME", "",
                "PARE_VENV", folder.resolve("none").toString(),
                "PYTHONPATH", folder.resolve("site").toString(),
                "PATH", pathWithoutSpark()));

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).isEqualTo(pyspark + "\n");
  }

  private static String pathWithoutSpark() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .filter(entry -> !Files.exists(Path.of(entry, "spark-submit")))
        .collect(Collectors.joining(":"));
  }

  @Test
  void theJobIsRunBySparkSubmitAndItsExitCodePassedOn() throws Exception {
    Files.writeString(folder.resolve("job.jar"), "");

    SparkSubmit.Outcome outcome =
        SparkSubmit.run(
            "pare-submit",
            List.of("--", "inspect"),
            Map.of("SPARK_HOME", home(), "PARE_JAR", folder.resolve("job.jar").toString()));

    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(outcome.out()).startsWith("threads 1 args --class io.pare.cli.Main ");
    assertThat(outcome.out()).endsWith("job.jar inspect\n");
  }

  @Test
  void withoutASeparatorTheUsageIsShown() throws Exception {
    SparkSubmit.Outcome outcome = submit("compress");

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("pare: error: no -- found: pare-submit [--dry-run]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pare-yarn", "pare-kubernetes", "pare-standalone"})
  void principalAndKeytabOfKerberosArePassedThrough(String script) throws Exception {
    SparkSubmit.Outcome outcome =
        SparkSubmit.run(
            script,
            List.of(
                "--dry-run", "--principal", "pare@REALM", "--keytab", "/keys/p", "--", "inspect"),
            clusters());

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains(" --principal pare@REALM --keytab /keys/p job.jar inspect");
  }

  @Test
  void aMissingJarIsNamedWithTheRemedy() throws Exception {
    SparkSubmit.Outcome outcome = submit("--", "inspect");

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo(
            "pare: error: job.jar is missing: build it with mvn -B -ntp -DskipTests package,"
                + " or set PARE_JAR\n");
  }

  @Test
  void aSparkHomeWithoutSparkIsRefused() throws Exception {
    SparkSubmit.Outcome outcome =
        SparkSubmit.run("find-spark.sh", List.of(), Map.of("SPARK_HOME", folder.toString()));

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains(folder + " has no bin/spark-submit");
  }

  private SparkSubmit.Outcome submit(String... arguments) throws Exception {
    return SparkSubmit.run(
        "pare-submit", List.of(arguments), Map.of("SPARK_HOME", home(), "PARE_JAR", "job.jar"));
  }

  /** A home with a spark-submit that tells how it was called. */
  private String home() throws IOException {
    Path submit = folder.resolve("bin/spark-submit");
    Files.createDirectories(submit.getParent());
    Files.writeString(submit, "#!/bin/sh\necho threads $OMP_NUM_THREADS args \"$@\"\nexit 3\n");
    Files.setPosixFilePermissions(submit, PosixFilePermissions.fromString("rwx------"));
    return folder.toString();
  }
}
