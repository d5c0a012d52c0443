package io.pare.run.progress;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Follows the jobs of an application.
 *
 * <p>What it tells is the job that began last; where several run, as in a zoo, it says how many.
 * Thread-safe.
 */
public final class JobProgress extends SparkListener {
  private final LongSupplier nanos;
  private final Map<Integer, RunningJob> running = new LinkedHashMap<>();
  private final Map<Integer, RunningJob> byStage = new LinkedHashMap<>();

  /**
   * Progress of an application that starts now.
   *
   * @param nanos the time
   */
  JobProgress(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Progress that the line of this process tells. */
  public static JobProgress told() {
    JobProgress progress = new JobProgress(System::nanoTime);
    ProgressLine.follow(progress::line);
    return progress;
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart start) {
    RunningJob job =
        new RunningJob(
            Optional.ofNullable(start.properties())
                .map(properties -> properties.getProperty("spark.job.description"))
                .orElse("job " + start.jobId()),
            nanos.getAsLong());
    running.put(start.jobId(), job);
    CollectionConverters.asJava(start.stageInfos())
        .forEach(stage -> byStage.putIfAbsent(stage.stageId(), job));
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    // Stages that are skipped, because what they would give is there, are never submitted.
    RunningJob job = byStage.get(submitted.stageInfo().stageId());
    if (job != null) {
      job.tasks += submitted.stageInfo().numTasks();
    }
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart start) {
    RunningJob job = byStage.get(start.stageId());
    if (job != null) {
      job.begins.put(start.taskInfo().taskId(), nanos.getAsLong());
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    RunningJob job = byStage.get(end.stageId());
    if (job != null) {
      job.begins.remove(end.taskInfo().taskId());
      if (end.reason() == Success$.MODULE$) {
        job.done++;
      }
    }
  }

  @Override
  public synchronized void onJobEnd(SparkListenerJobEnd end) {
    RunningJob job = running.remove(end.jobId());
    byStage.values().removeIf(each -> each == job);
  }

  /** What runs, in one line; empty where nothing does. */
  synchronized Optional<String> line() {
    if (running.isEmpty()) {
      return Optional.empty();
    }
    List<RunningJob> jobs = new ArrayList<>(running.values());
    String last = jobs.get(jobs.size() - 1).line(nanos.getAsLong());
    return Optional.of(jobs.size() == 1 ? last : last + " (" + jobs.size() + " jobs run)");
  }
}
