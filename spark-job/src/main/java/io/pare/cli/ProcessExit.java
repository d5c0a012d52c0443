package io.pare.cli;

import io.pare.process.NativeEnvironment;
import io.pare.run.Failure;
import io.pare.run.ResultFile;
import io.pare.stage.spark.KeptLayers;
import java.io.PrintStream;
import java.util.List;
import org.apache.hadoop.service.launcher.IrqHandler;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Ends the process although tasks may still compute outside the JVM; nothing else ends it.
 *
 * <p>A JVM that ends waits a moment for threads in native code and then runs the destructors of
 * native libraries under them: OpenBLAS frees the buffers of a product that still runs, and the
 * process hangs for good or ends in SIGABRT, whatever its exit code was to be. Here the shutdown
 * hooks run as ever, the lock of an output and Spark's application among them, and the last of them
 * ends the process without destructors.
 *
 * <p>A process that a signal ends says so in its last line; what threads say that are ended under
 * their work is of no use to anybody and is not printed. Thread-safe.
 */
final class ProcessExit {
  /** What a shell sees of a process that a signal ended, less the signal's number. */
  private static final int SIGNAL = 128;

  private static final int AFTER_ALL_OTHERS = 0;

  /** Those of Spark and Hadoop, which end applications and close file systems, among them. */
  private static final int BEFORE_ALL_OTHERS = 1000;

  private ProcessExit() {}

  /** From now on the signals that ask a process to end do so in this way. */
  static void onSignals() {
    for (String name : List.of("TERM", "INT", "HUP")) {
      new IrqHandler(name, signal -> stop(name, SIGNAL + signal.getNumber())).bind();
    }
  }

  private static void stop(String signal, int code) {
    PrintStream err = NativeEnvironment.silence();
    String message = "stopped by SIG" + signal + ", " + KeptLayers.summary();
    ShutdownHookManager hooks = ShutdownHookManager.get();
    if (!hooks.isShutdownInProgress()) {
      hooks.addShutdownHook(() -> ResultFile.stopped(code, message), BEFORE_ALL_OTHERS);
      hooks.addShutdownHook(() -> Failure.printLine(message, err), AFTER_ALL_OTHERS + 1);
    }
    with(code);
  }

  /** Ends the process; does not return. */
  static void with(int code) {
    ShutdownHookManager hooks = ShutdownHookManager.get();
    if (!hooks.isShutdownInProgress()) {
      hooks.addShutdownHook(() -> NativeEnvironment.endProcess(code), AFTER_ALL_OTHERS);
    }
    System.exit(code);
  }
}
