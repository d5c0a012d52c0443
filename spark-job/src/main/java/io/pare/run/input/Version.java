package io.pare.run.input;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.model.inference.InferenceSession;
import io.pare.stage.matrix.MatrixBlas;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/** What runs, for records. */
public final class Version {
  /** Written by the build where it runs in a repository. */
  private static final String COMMIT = "commit.properties";

  private static final int COMMIT_LENGTH = 12;

  private Version() {}

  /** The version in the jar's manifest. */
  public static String text() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("of an unpacked build");
  }

  /** The commit that the jar was built from, and whether files differed from it. */
  public static String commit() {
    try (InputStream in = Version.class.getResourceAsStream(COMMIT)) {
      if (in == null) {
        return "unknown";
      }
      Properties commit = new Properties();
      commit.load(in);
      String id = commit.getProperty("git.commit.id.full", "unknown");
      boolean changed = Boolean.parseBoolean(commit.getProperty("git.dirty"));
      return id.substring(0, Math.min(id.length(), COMMIT_LENGTH)) + (changed ? ", changed" : "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    versions.put("onnx-runtime", InferenceSession.runtimeVersion());
    versions.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    versions.put("hadoop", org.apache.hadoop.util.VersionInfo.getVersion());
    return versions;
  }
}
