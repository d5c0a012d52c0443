package io.pare.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;

/** A quick compression, for tests of what goes on beside it. */
public final class CompressionRun {
  private CompressionRun() {}

  /** Compresses a network of four layers, on 60 images. */
  public static void quick(JavaSparkContext spark, Path folder) throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys("quick", GoalJobs.plain(), "params=1.3");
    keys.put("forms", "low-rank-channel,low-rank-spatial");
    GoalJobs.compress(spark, keys);
  }
}
