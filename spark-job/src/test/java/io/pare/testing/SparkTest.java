package io.pare.testing;

import io.pare.stage.PareRegistrator;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.KryoSerializer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One Spark context for all tests of a class, with two task threads in this JVM. To be registered
 * in a static field: {@code @RegisterExtension static final SparkTest SPARK = new SparkTest();}
 *
 * <p>Everything that travels goes through Kryo, and a class that is not registered fails the test.
 */
public final class SparkTest implements BeforeAllCallback, AfterAllCallback {
  private JavaSparkContext context;

  /** Settings of a context whose serializer is that of the job. */
  public static SparkConf conf(String master, String name) {
    return new SparkConf(false)
        .setMaster(master)
        .setAppName(name)
        .set("spark.serializer", KryoSerializer.class.getName())
        .set("spark.kryo.registrator", PareRegistrator.class.getName())
        .set("spark.kryo.registrationRequired", "true")
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1");
  }

  @Override
  public void beforeAll(ExtensionContext test) {
    context = new JavaSparkContext(conf("local[2]", test.getDisplayName()));
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
