package io.pare.run.progress;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Follows the jobs of an application. Spark calls it in one thread.
 *
 * <p>What it shows is the job that began last; where several run, as in a zoo, it says how many.
 */
public final class JobProgress extends SparkListener {
  private static final Logger LOG = LoggerFactory.getLogger(JobProgress.class);
  private static final long LIVE_NANOS = Duration.ofMillis(200).toNanos();
  private static final long LOG_NANOS = Duration.ofSeconds(30).toNanos();

  private final Optional<Consumer<String>> live;
  private final Consumer<String> log;
  private final LongSupplier nanos;
  private final Map<Integer, RunningJob> running = new LinkedHashMap<>();
  private final Map<Integer, RunningJob> byStage = new LinkedHashMap<>();
  private long shown;
  private long logged;

  /**
   * Progress of an application that starts now.
   *
   * @param live takes the live line, at most five a second, and an empty one when nothing runs;
   *     none where there is no terminal
   * @param log takes a line now and then, at most one in 30 s
   * @param nanos the time
   */
  JobProgress(Optional<Consumer<String>> live, Consumer<String> log, LongSupplier nanos) {
    this.live = live;
    this.log = log;
    this.nanos = nanos;
    shown = nanos.getAsLong();
    logged = shown;
  }

  /** Progress that is told live where a stream is a terminal, and in the log where it is not. */
  public static JobProgress on(PrintStream err) {
    if (isTerminal()) {
      // The cursor goes back to the start, so that the next line of the log takes the place.
      Consumer<String> line =
          text -> {
            err.print("\r\u001b[K" + text + "\r");
            err.flush();
          };
      return new JobProgress(Optional.of(line), text -> {}, System::nanoTime);
    }
    return new JobProgress(Optional.empty(), text -> LOG.info("{}", text), System::nanoTime);
  }

  /** Whether standard error is a terminal, which Java cannot tell. */
  private static boolean isTerminal() {
    try {
      String file = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  @Override
  public void onJobStart(SparkListenerJobStart start) {
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
  public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    // Stages that are skipped, because what they would give is there, are never submitted.
    RunningJob job = byStage.get(submitted.stageInfo().stageId());
    if (job != null) {
      job.tasks += submitted.stageInfo().numTasks();
      tell(false);
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    RunningJob job = byStage.get(end.stageId());
    if (job != null && end.reason() == Success$.MODULE$) {
      job.done++;
      tell(job.done == job.tasks);
    }
  }

  @Override
  public void onJobEnd(SparkListenerJobEnd end) {
    RunningJob job = running.remove(end.jobId());
    byStage.values().removeIf(each -> each == job);
    if (running.isEmpty()) {
      live.ifPresent(line -> line.accept(""));
    }
  }

  private void tell(boolean atOnce) {
    if (running.isEmpty()) {
      return;
    }
    long now = nanos.getAsLong();
    if (live.isPresent() && (atOnce || now - shown >= LIVE_NANOS)) {
      live.get().accept(line(now));
      shown = now;
    }
    if (now - logged >= LOG_NANOS) {
      log.accept(line(now));
      logged = now;
    }
  }

  private String line(long now) {
    List<RunningJob> jobs = new ArrayList<>(running.values());
    String last = jobs.get(jobs.size() - 1).line(now);
    return jobs.size() == 1 ? last : last + " (" + jobs.size() + " jobs run)";
  }
}
