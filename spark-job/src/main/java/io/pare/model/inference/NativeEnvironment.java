package io.pare.model.inference;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

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
  private static final int OUTPUT = 1;
  private static final int ERROR = 2;
  private static final int WRITE_ONLY = 1;
  private static final String DISABLE_TELEMETRY = "ORT_DISABLE_TELEMETRY";

  private NativeEnvironment() {}

  /** The C library. */
  interface CLibrary extends Library {
    /** setenv(3). */
    int setenv(String name, String value, int overwrite);

    /** open(2). */
    int open(String path, int flags);

    /** dup(2). */
    int dup(int descriptor);

    /** dup2(2). */
    int dup2(int from, int to);

    /** write(2). */
    long write(int descriptor, byte[] bytes, long count);
  }

  /** Must be called before ONNX Runtime is loaded. */
  static void disableTelemetry() {
    CLibrary library = Native.load(C, CLibrary.class);
    if (library.setenv(DISABLE_TELEMETRY, "1", 1) != 0) {
      throw new IllegalStateException("the process does not let " + DISABLE_TELEMETRY + " be set");
    }
  }

  /**
   * Sends what the process still prints, native code included, nowhere.
   *
   * @return where its standard error was
   */
  public static PrintStream silence() {
    CLibrary library = Native.load(C, CLibrary.class);
    int saved = library.dup(ERROR);
    int nowhere = library.open("/dev/null", WRITE_ONLY);
    library.dup2(nowhere, OUTPUT);
    library.dup2(nowhere, ERROR);
    OutputStream error =
        new OutputStream() {
          @Override
          public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int from, int count) {
            library.write(saved, Arrays.copyOfRange(bytes, from, from + count), count);
          }
        };
    return new PrintStream(error, true, StandardCharsets.UTF_8);
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
