package io.pare.run.progress;

import io.pare.report.PhaseMemory;
import io.pare.stage.spark.RunCounters;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The peaks of resident memory by phase, as Spark measures them with each heartbeat where {@code
 * spark.executor.processTreeMetrics.enabled} is set: a phase shorter than a heartbeat may have
 * none. One for each driver. Thread-safe.
 */
public final class ResidentMemory extends SparkListener {
  /** The driver among the executors, as Spark names it. */
  private static final String DRIVER = "driver";

  private static final String METRIC = "ProcessTreeJVMRSSMemory";

  private static final Map<String, PhaseMemory> PEAKS = new TreeMap<>();

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    long bytes =
        CollectionConverters.asJava(update.executorUpdates()).values().stream()
            .mapToLong(metrics -> metrics.getMetricValue(METRIC))
            .max()
            .orElse(0);
    boolean driver = update.execId().equals(DRIVER);
    PhaseMemory seen = driver ? new PhaseMemory(bytes, 0) : new PhaseMemory(0, bytes);
    if (bytes > 0) {
      synchronized (PEAKS) {
        RunCounters.phasesNow().forEach(phase -> PEAKS.merge(phase, seen, PhaseMemory::max));
      }
    }
  }

  /** The peaks so far, of all networks in a phase together. */
  public static Map<String, PhaseMemory> peaks() {
    synchronized (PEAKS) {
      return new TreeMap<>(PEAKS);
    }
  }
}
