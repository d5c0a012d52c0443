package io.pare.run.input;

import io.pare.InputException;
import io.pare.run.progress.JobProgress;
import io.pare.run.progress.ResidentMemory;
import io.pare.stage.PareRegistrator;
import io.pare.stage.spark.RunCounters;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Starts the Spark application of a command. Sets nothing that belongs to the cluster. */
public final class SparkApplication {
  /** The phase that waits for a cluster. */
  private static final String START = "start Spark";

  private static final double NANOS = 1e9;

  private SparkApplication() {}

  /** A context with the serializer that the stages need. */
  public static JavaSparkContext start(String name) {
    return start(name, Map.of());
  }

  /**
   * As {@link #start(String)}.
   *
   * @param unlessSet settings that hold where the site and spark-submit say nothing
   */
  public static JavaSparkContext start(String name, Map<String, String> unlessSet) {
    SparkConf conf =
        new SparkConf()
            .setIfMissing("spark.app.name", name)
            .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .set("spark.kryo.registrator", PareRegistrator.class.getName())
            .set("spark.kryo.registrationRequired", "true");
    unlessSet.forEach(conf::setIfMissing);
    if (!conf.contains("spark.master")) {
      throw InputException.usage("no Spark master is set: start Pare with spark-submit");
    }
    long begin = System.nanoTime();
    RunCounters.enter(START);
    JavaSparkContext spark = new JavaSparkContext(conf);
    RunCounters.leave(START, (System.nanoTime() - begin) / NANOS);
    spark.sc().addSparkListener(JobProgress.told());
    spark.sc().addSparkListener(new ResidentMemory());
    return spark;
  }

  /** Threads of native libraries in one task. */
  static int threads(JavaSparkContext spark, int configured) {
    return configured > 0 ? configured : spark.getConf().getInt("spark.task.cpus", 1);
  }
}
