package io.pare.stage.matrix;

import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import io.pare.algorithm.dense.DenseAlgebra;
import java.util.Collections;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The BLAS of MLlib's products: the very OpenBLAS that Pare's own products run in, since two copies
 * in one JVM free each other's buffers. MLlib looks for its BLAS once, at its first product: {@link
 * #bind} must come before that, and does, since blocks call it when they are read ({@link
 * BlockSerializer}). Without a native library MLlib's products run in Java: slower, with the same
 * bits, because they are exact. Thread-safe.
 */
public final class MatrixBlas {
  private static final Logger LOG = LoggerFactory.getLogger(MatrixBlas.class);
  private static final String LIBRARY = "dev.ludovic.netlib.blas.nativeLibPath";
  private static final String NAME = bound();

  private MatrixBlas() {}

  /** Binds MLlib to its BLAS, once in each JVM, and gives the name of what its products run in. */
  public static String bind() {
    return NAME;
  }

  /** Binds MLlib on the executors that run now; the names, each once. */
  public static List<String> bindExecutors(JavaSparkContext spark) {
    int tasks = Math.max(1, 2 * spark.defaultParallelism());
    spark.setJobDescription("bind MLlib's products to a library on the executors");
    return spark
        .parallelize(Collections.nCopies(tasks, NAME), tasks)
        .map(driver -> bind())
        .collect()
        .stream()
        .distinct()
        .sorted()
        .toList();
  }

  private static String bound() {
    String library = DenseAlgebra.library();
    System.setProperty(LIBRARY, library);
    try {
      String name =
          NativeBLAS.getInstance().getClass().getSimpleName()
              + " ("
              + library.substring(library.lastIndexOf('/') + 1)
              + ")";
      LOG.info("MLlib's products run in {}", name);
      return name;
    } catch (RuntimeException | LinkageError e) {
      String name = JavaBLAS.getInstance().getClass().getSimpleName();
      LOG.warn("MLlib's products run in {}: {} cannot be bound ({})", name, library, e.toString());
      return name;
    }
  }
}
