package io.pare.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.TaskEndReason;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** What a Spark application's tasks went through: the proof that an injected fault has struck. */
public final class SeenTasks extends SparkListener {
  private final List<String> removed = new CopyOnWriteArrayList<>();
  private final List<TaskEndReason> failures = new CopyOnWriteArrayList<>();
  private final List<String> repeated = new CopyOnWriteArrayList<>();
  private final List<String> speculative = new CopyOnWriteArrayList<>();

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved executor) {
    removed.add(executor.executorId());
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart task) {
    String name = "task " + task.taskInfo().taskId() + " on " + task.taskInfo().host();
    if (task.taskInfo().speculative()) {
      speculative.add(name);
    } else if (task.taskInfo().attemptNumber() > 0) {
      repeated.add(name);
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd task) {
    if (!task.taskInfo().successful()) {
      failures.add(task.reason());
    }
  }

  /** Ids of executors that are gone. */
  public List<String> removed() {
    return removed;
  }

  /** Why tasks ended without a result. */
  public List<TaskEndReason> failures() {
    return failures;
  }

  /** Tasks that ran again after a failure. */
  public List<String> repeated() {
    return repeated;
  }

  /** Tasks that ran beside one that was slow. */
  public List<String> speculative() {
    return speculative;
  }
}
