package io.pare.stage.spark;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/** Releases what a task opened when the task ends, however it ends. */
public final class TaskResources {

  private TaskResources() {}

  /** Closes a resource at the end of the present task. */
  public static void closeAtEnd(Closeable resource) {
    TaskCompletionListener listener =
        context -> {
          try {
            resource.close();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    TaskContext.get().addTaskCompletionListener(listener);
  }
}
