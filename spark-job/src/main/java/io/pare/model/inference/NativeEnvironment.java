package io.pare.model.inference;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * What native libraries need of the process and Java itself cannot do: variables that they read
 * when they are loaded, and an end without their destructors.
 *
 * <p>ONNX Runtime 1.29.0 reports to its vendor over the network and keeps a database in the user's
 * cache folder; with a damaged or unreadable one it overflows the stack of the process before any
 * model is opened (microsoft/onnxruntime, pull request 27379 and issue 32173). A batch job on a
 * cluster does neither, so this is switched off before the library is loaded.
 */
public final class NativeEnvironment {
  private static final String C = "c";
  private static final String DISABLE_TELEMETRY = "ORT_DISABLE_TELEMETRY";

  private NativeEnvironment() {}

  /** The C library. */
  interface CLibrary extends Library {
    /** setenv(3). */
    int setenv(String name, String value, int overwrite);
  }

  /** Must be called before ONNX Runtime is loaded. */
  static void disableTelemetry() {
    CLibrary library = Native.load(C, CLibrary.class);
    if (library.setenv(DISABLE_TELEMETRY, "1", 1) != 0) {
      throw new IllegalStateException("the process does not let " + DISABLE_TELEMETRY + " be set");
    }
  }

  /**
   * Ends the process by _exit(2). No shutdown hook runs, nor any destructor of a native library
   * under the threads that still compute in it.
   *
   * @param code 0 to 255
   */
  public static void endProcess(int code) {
    NativeLibrary.getInstance(C).getFunction("_exit").invokeVoid(new Object[] {code});
  }
}
