package io.pare.testing;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * Kills an executor, one of the Java processes under this one, once a task runs of a job whose
 * description begins in a given way.
 */
public final class ExecutorKill extends SparkListener {
  private final String description;
  private final AtomicReference<ProcessHandle> victim = new AtomicReference<>();
  private volatile boolean due;

  public ExecutorKill(String description) {
    this.description = description;
  }

  /** The process that was killed; empty where none was. */
  public Optional<ProcessHandle> victim() {
    return Optional.ofNullable(victim.get());
  }

  @Override
  public void onJobStart(SparkListenerJobStart job) {
    due = job.properties().getProperty("spark.job.description", "").startsWith(description);
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart task) {
    if (due && victim.get() == null) {
      ProcessHandle.current()
          .descendants()
          .filter(process -> process.info().command().orElse("").endsWith("/java"))
          .findFirst()
          .ifPresent(
              process -> {
                process.destroyForcibly();
                victim.set(process);
              });
    }
  }
}
