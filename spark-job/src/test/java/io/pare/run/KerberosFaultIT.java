package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.FaultMatrix;
import io.pare.testing.Sample;
import io.pare.testing.SecureHdfs;
import io.pare.testing.SparkSubmit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The submit scripts' options for Kerberos, with an HDFS that asks for tickets. */
class KerberosFaultIT {
  private static final org.apache.hadoop.fs.Path RESULTS =
      new org.apache.hadoop.fs.Path("/results");

  @TempDir static Path folder;

  private static SecureHdfs hdfs;
  private static Path right;
  private static Path wrong;

  @BeforeAll
  static void startHdfs() throws Exception {
    SparkSubmit.requireSpark();
    hdfs = new SecureHdfs(folder);
    right = hdfs.register("pare");
    wrong = hdfs.register("other");
    hdfs.fileSystem().mkdirs(RESULTS, new FsPermission((short) 0755));
    hdfs.fileSystem().setOwner(RESULTS, "pare", "pare");
  }

  @AfterAll
  static void stopHdfs() {
    if (hdfs != null) {
      hdfs.close();
    }
  }

  @Test
  void withItsKeytabTheRunPublishesAsItsPrincipal() throws Exception {
    SparkSubmit.Outcome outcome = submit("mine", login(right));

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    FileStatus model = hdfs.fileSystem().getFileStatus(path("mine/model.onnx"));
    assertThat(model.getOwner()).isEqualTo("pare");
    FaultMatrix.held(
        "Kerberos: the right keytab",
        "none: pare-local --principal --keytab against an HDFS that asks for tickets",
        "model.onnx belongs to " + model.getOwner() + ", the principal's name",
        "published");
  }

  @Test
  void withTheKeytabOfAnotherNothingRuns() throws Exception {
    SparkSubmit.Outcome outcome = submit("wrong", login(wrong));

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("failure to login: for principal: " + hdfs.principal("pare"))
        .contains("from keytab " + wrong);
    assertThat(hdfs.fileSystem().exists(path("wrong"))).isFalse();
    FaultMatrix.held(
        "Kerberos: the keytab of another",
        "pare-local --principal pare --keytab other.keytab",
        "the key distribution centre refused the login",
        "exit code 1, \"failure to login\" with principal and keytab, nothing at the output");
  }

  @Test
  void withoutATicketTheFileSystemIsNotReached() throws Exception {
    SparkSubmit.Outcome outcome = submit("none", List.of());

    assertThat(outcome.exitCode()).isEqualTo(3);
    String last = outcome.err().lines().reduce((first, second) -> second).orElseThrow();
    assertThat(last)
        .startsWith("pare: error: ")
        .contains("/results/none may not be accessed: ", "--principal and --keytab");
    assertThat(hdfs.fileSystem().exists(path("none"))).isFalse();
    FaultMatrix.held(
        "Kerberos: no ticket",
        "pare-local without --principal and --keytab",
        "the NameNode refused the client",
        "exit code 3, nothing at the output; the last line is: "
            + last.replaceAll("localhost:\\d+", "localhost"));
  }

  private static org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(RESULTS, name);
  }

  private static List<String> login(Path keytab) {
    return List.of("--principal", hdfs.principal("pare"), "--keytab", keytab.toString());
  }

  private static SparkSubmit.Outcome submit(String name, List<String> login) throws Exception {
    List<String> arguments = new ArrayList<>(login);
    arguments.addAll(List.of("--master", "local[2]", "--driver-memory", "2g"));
    arguments.addAll(List.of("--conf", "spark.ui.enabled=false", "--"));
    arguments.addAll(Sample.quickest(hdfs.path(path(name).toString())));
    return SparkSubmit.run(
        "pare-local",
        arguments,
        Map.of(
            "HADOOP_CONF_DIR",
            hdfs.clientConfiguration().toString(),
            "SPARK_SUBMIT_OPTS",
            "-Djava.security.krb5.conf=" + hdfs.realmConfiguration()));
  }
}
