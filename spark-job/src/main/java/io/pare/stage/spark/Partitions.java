package io.pare.stage.spark;

import org.apache.spark.api.java.JavaSparkContext;

/** How many tasks a step over blocks of images is cut into. Results never depend on it. */
public final class Partitions {
  private static final int TASKS_PER_CORE = 4;

  private Partitions() {}

  /** Enough for even loads, never more than there are blocks. */
  public static int of(JavaSparkContext spark, int blocks) {
    return Math.max(1, Math.min(blocks, TASKS_PER_CORE * spark.defaultParallelism()));
  }
}
