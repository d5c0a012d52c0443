package io.pare.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
  private final Map<String, String> settings;
  private JavaSparkContext context;

  /** A cluster with the settings that all tests have. */
  public ClusterTest() {
    this(Map.of());
  }

  /** A cluster with some settings of Spark besides. */
  public ClusterTest(Map<String, String> settings) {
    this.settings = settings;
  }

  @Override
  public void beforeAll(ExtensionContext test) throws IOException {
    context = start(2, test.getDisplayName(), settings);
  }

  /** A cluster of so many executors, for a test that needs another one than that of its class. */
  public static JavaSparkContext start(int executors, String name, Map<String, String> settings)
      throws IOException {
    SparkConf conf = onTestClassPath("local-cluster[" + executors + ",1,1024]", name);
    settings.forEach(conf::set);
    JavaSparkContext context = new JavaSparkContext(conf);
    context.setLogLevel("WARN");
    return context;
  }

  /** Settings under which executors start from the class path of the tests. */
  public static SparkConf onTestClassPath(String master, String name) throws IOException {
    Path home = Files.createDirectories(Path.of("target", "spark-home").toAbsolutePath());
    System.setProperty("spark.testing", "true");
    System.setProperty("spark.test.home", home.toString());
    return SparkTest.conf(master, name)
        .set("spark.executorEnv.SPARK_TESTING", "1")
        .set("spark.executorEnv.SPARK_SCALA_VERSION", "2.13")
        .set("spark.executor.extraClassPath", System.getProperty("java.class.path"));
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
