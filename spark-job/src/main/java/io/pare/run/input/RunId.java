package io.pare.run.input;

import org.apache.spark.api.java.JavaSparkContext;

/**
 * Tells one run from every other.
 *
 * @param text letters, digits and dashes
 */
public record RunId(String text) {

  /** The id of a run that starts now in an application. */
  public static RunId of(JavaSparkContext spark) {
    String application = spark.sc().applicationId().replaceAll("[^A-Za-z0-9-]", "-");
    return new RunId(application + "-" + Long.toHexString(System.nanoTime()));
  }

  /** The id of a run that starts now without an application. */
  public static RunId alone() {
    return new RunId(
        "process-%d-%x".formatted(ProcessHandle.current().pid(), System.currentTimeMillis()));
  }
}
