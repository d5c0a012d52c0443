package io.pare.prep;

import java.io.PrintStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Tells how many shards are written, at most every few seconds. */
final class Progress extends SparkListener {
  private static final long INTERVAL_NANOS = 5_000_000_000L;
  private final int shards;
  private final PrintStream out;
  private int done;
  private long told = System.nanoTime();

  Progress(int shards, PrintStream out) {
    this.shards = shards;
    this.out = out;
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (!end.taskInfo().successful()) {
      return;
    }
    done++;
    if (done >= shards || System.nanoTime() - told > INTERVAL_NANOS) {
      told = System.nanoTime();
      out.println("pare-prep: wrote " + done + " of " + shards + " shards");
    }
  }
}
