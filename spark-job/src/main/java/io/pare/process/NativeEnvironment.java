package io.pare.process;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What native libraries need of the process and Java itself cannot do: variables that they read
 * when they are loaded, and an end without their destructors. Thread-safe.
 */
public final class NativeEnvironment {
  private static final String C = "c";
  private static final int HANGUP = 1;
  private static final int INTERRUPT = 2;
  private static final Pointer IGNORE = Pointer.createConstant(1);
  private static final int OUTPUT = 1;
  private static final int ERROR = 2;
  private static final int WRITE_ONLY = 1;

  private NativeEnvironment() {}

  /** The C library. */
  interface CLibrary extends Library {
    /** setenv(3). */
    int setenv(String name, String value, int overwrite);

    /** open(2). */
    int open(String path, int flags);

    /** signal(2). */
    Pointer signal(int number, Pointer handler);

    /** dup(2). */
    int dup(int descriptor);

    /** dup2(2). */
    int dup2(int from, int to);

    /** write(2). */
    long write(int descriptor, byte[] bytes, long count);
  }

  /**
   * Sets a variable that a native library reads, which must not have been loaded yet.
   *
   * @throws IllegalStateException when the process does not let it be set
   */
  public static void set(String name, String value) {
    if (Native.load(C, CLibrary.class).setenv(name, value, 1) != 0) {
      throw new IllegalStateException("the process does not let " + name + " be set");
    }
  }

  /**
   * From now on no terminal ends this process, which is there for another one: that one hears of
   * the keys that are pressed, and ends it.
   */
  public static void ignoreTerminal() {
    CLibrary library = Native.load(C, CLibrary.class);
    library.signal(INTERRUPT, IGNORE);
    library.signal(HANGUP, IGNORE);
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
