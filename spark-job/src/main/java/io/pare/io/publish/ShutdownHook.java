package io.pare.io.publish;

import org.apache.hadoop.util.ShutdownHookManager;

/** What is done when the process is told to end, before Hadoop closes its file systems. */
final class ShutdownHook {
  /** Before Spark ends its application at 40, which may take long, and Hadoop its files at 10. */
  private static final int PRIORITY = 50;

  private final Runnable work;

  ShutdownHook(Runnable work) {
    this.work = work;
  }

  void register() {
    ShutdownHookManager hooks = ShutdownHookManager.get();
    if (!hooks.isShutdownInProgress() && !hooks.hasShutdownHook(work)) {
      hooks.addShutdownHook(work, PRIORITY);
    }
  }

  void remove() {
    ShutdownHookManager hooks = ShutdownHookManager.get();
    if (!hooks.isShutdownInProgress()) {
      hooks.removeShutdownHook(work);
    }
  }
}
