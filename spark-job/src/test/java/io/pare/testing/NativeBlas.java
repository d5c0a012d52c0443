package io.pare.testing;

import dev.ludovic.netlib.blas.NativeBLAS;
import org.bytedeco.javacpp.Loader;

/**
 * Lets MLlib's products run in the OpenBLAS that Pare's own run in, so that both can be compared:
 * MLlib finds its BLAS once in each JVM, at its first product. Two libraries of OpenBLAS in use in
 * one JVM have been seen to lose each other's buffers: only for tests in a JVM of their own.
 */
public final class NativeBlas {
  private static final String LIBRARY = "dev.ludovic.netlib.blas.nativeLibPath";

  private NativeBlas() {}

  /** Binds MLlib to OpenBLAS and gives the name of the implementation that runs from now on. */
  public static synchronized String bind() {
    if (System.getProperty(LIBRARY) == null) {
      String binding = Loader.load(org.bytedeco.openblas.global.openblas.class);
      String folder = binding.substring(0, binding.lastIndexOf('/') + 1);
      System.setProperty(LIBRARY, folder + "libopenblas.so.0");
    }
    return NativeBLAS.getInstance().getClass().getSimpleName();
  }
}
