package io.pare.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One Spark standalone cluster for all tests of a class: a master, and two workers with an executor
 * JVM of one core each. It shows what threads of one JVM hide: serialization, class loading,
 * natives and the death of an executor. Classes that use it are named {@code ...ClusterIT} and run
 * in a JVM of their own, because the settings below stay in the JVM.
 */
public final class ClusterTest implements BeforeAllCallback, AfterAllCallback {
  private JavaSparkContext context;

  @Override
  public void beforeAll(ExtensionContext test) throws IOException {
    // Without an installation of Spark its executors start from the class path of the tests.
    Path home = Files.createDirectories(Path.of("target", "spark-home").toAbsolutePath());
    System.setProperty("spark.testing", "true");
    System.setProperty("spark.test.home", home.toString());
    SparkConf conf =
        SparkTest.conf("local-cluster[2,1,1024]", test.getDisplayName())
            .set("spark.executorEnv.SPARK_TESTING", "1")
            .set("spark.executorEnv.SPARK_SCALA_VERSION", "2.13")
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    context = new JavaSparkContext(conf);
    context.setLogLevel("WARN");
  }

  @Override
  public void afterAll(ExtensionContext test) {
    context.stop();
  }

  /** The running context. */
  public JavaSparkContext context() {
    return context;
  }
}
