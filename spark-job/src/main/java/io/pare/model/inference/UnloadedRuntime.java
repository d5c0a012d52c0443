package io.pare.model.inference;

import io.pare.FullDiskException;
import java.io.File;
import java.io.IOException;

/**
 * Why ONNX Runtime cannot be loaded: no network is to blame. Its library is unpacked into the
 * folder of temporary files, and a disk without room for it is not told by its Java binding.
 */
public final class UnloadedRuntime {
  /** More than the library has. */
  private static final long LIBRARY = 64L << 20;

  private UnloadedRuntime() {}

  /** The error that ends the run. */
  public static RuntimeException because(LinkageError failure) {
    String folder = System.getProperty("java.io.tmpdir");
    IllegalStateException unloaded =
        new IllegalStateException(
            "ONNX Runtime cannot be loaded from java.io.tmpdir = " + folder + ": " + failure,
            failure);
    if (new File(folder).getUsableSpace() >= LIBRARY) {
      return unloaded;
    }
    IOException full = new IOException("No space left on device, for ONNX Runtime", unloaded);
    return FullDiskException.of(folder, full).map(RuntimeException.class::cast).orElse(unloaded);
  }
}
