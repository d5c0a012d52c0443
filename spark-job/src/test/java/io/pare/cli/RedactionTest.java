package io.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.SparkSubmit;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.spark.SparkConf;
import org.apache.spark.util.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/** What Spark shows of its settings, in its pages and event logs, under the shipped expression. */
class RedactionTest {
  private static final String REDACTED = "*********(redacted)";
  private static final String KEY = "spark.redaction.regex";

  @ParameterizedTest
  @CsvSource({
    "spark.hadoop.fs.s3a.secret.key, abc",
    "spark.hadoop.fs.s3a.access.key, AKIA",
    "spark.hadoop.fs.oss.accessKeyId, AKIA",
    "spark.executorEnv.AWS_ACCESS_KEY_ID, AKIA",
    "spark.executorEnv.OPENAI_APIKEY, abc",
    "spark.executorEnv.SERVICE_API_KEY, abc",
    "spark.service.api-key, abc",
    "spark.hadoop.google.credential.file, abc",
    "spark.ssl.keyPassword, abc",
    "spark.db.passwd, abc",
    "spark.executorEnv.HF_TOKEN, abc",
    "spark.authenticate.secret, abc",
    "spark.executorEnv.HTTPS_PROXY, http://me:hidden@proxy:3128",
    "spark.jars.repositories, https://user:hidden@host/repository"
  })
  void aSecretIsNotShown(String key, String value) throws IOException {
    assertThat(shown(key, value)).isEqualTo(REDACTED);
  }

  @ParameterizedTest
  @CsvSource({
    "spark.executor.memory, 4g",
    "spark.master, spark://host:7077",
    "spark.yarn.stagingDir, hdfs://namenode:8020/user/pare",
    "spark.hadoop.fs.defaultFS, abfss://container@account.dfs.core.windows.net",
    "spark.kerberos.principal, pare@REALM"
  })
  void whatIsNoSecretIsShown(String key, String value) throws IOException {
    assertThat(shown(key, value)).isEqualTo(value);
  }

  @Test
  void sparksOwnExpressionWouldShowSome() {
    assertThat(shown(new SparkConf(false), "spark.executorEnv.OPENAI_APIKEY", "abc"))
        .isEqualTo("abc");
  }

  private static String shown(String key, String value) throws IOException {
    Path file = SparkSubmit.repository().resolve("conf/spark-defaults.conf");
    Properties defaults = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      defaults.load(in);
    }
    return shown(new SparkConf(false).set(KEY, defaults.getProperty(KEY)), key, value);
  }

  private static String shown(SparkConf conf, String key, String value) {
    return Utils.redact(
            conf, CollectionConverters.asScala(List.of(new Tuple2<>(key, value))).toSeq())
        .head()
        ._2();
  }
}
