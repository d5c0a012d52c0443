package io.pare.run.input;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.stage.matrix.MatrixBlas;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What runs, for records. */
public final class Version {

  private Version() {}

  /** The version in the jar's manifest. */
  public static String text() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("of an unpacked build");
  }

  /** The version and those of what it runs on, each as a line. */
  static List<String> lines() {
    Map<String, String> versions = platform();
    versions.put("pare", text());
    return Recipe.lines(versions);
  }

  /** Versions of what it runs on. */
  public static Map<String, String> platform() {
    Map<String, String> versions = new TreeMap<>();
    versions.put("java", Runtime.version().toString());
    versions.put("blas", DenseAlgebra.implementation());
    versions.put("mllib-blas", MatrixBlas.bind());
    versions.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    versions.put("hadoop", org.apache.hadoop.util.VersionInfo.getVersion());
    return versions;
  }
}
