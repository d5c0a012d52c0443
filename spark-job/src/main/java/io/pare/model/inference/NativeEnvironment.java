package io.pare.model.inference;

import com.sun.jna.Library;
import com.sun.jna.Native;

/**
 * Sets variables of the process that native libraries read when they are loaded, which Java itself
 * cannot.
 *
 * <p>ONNX Runtime 1.29.0 reports to its vendor over the network and keeps a database in the user's
 * cache folder; with a damaged or unreadable one it overflows the stack of the process before any
 * model is opened (microsoft/onnxruntime, pull request 27379 and issue 32173). A batch job on a
 * cluster does neither, so this is switched off before the library is loaded.
 */
final class NativeEnvironment {
  private static final String DISABLE_TELEMETRY = "ORT_DISABLE_TELEMETRY";

  private NativeEnvironment() {}

  /** The C library. */
  interface CLibrary extends Library {
    /** setenv(3). */
    int setenv(String name, String value, int overwrite);
  }

  /** Must be called before ONNX Runtime is loaded. */
  static void disableTelemetry() {
    CLibrary library = Native.load("c", CLibrary.class);
    if (library.setenv(DISABLE_TELEMETRY, "1", 1) != 0) {
      throw new IllegalStateException("the process does not let " + DISABLE_TELEMETRY + " be set");
    }
  }
}
