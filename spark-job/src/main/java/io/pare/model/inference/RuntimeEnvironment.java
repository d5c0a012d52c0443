package io.pare.model.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import io.pare.process.NativeEnvironment;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * ONNX Runtime's one environment of this JVM.
 *
 * <p>Version 1.29.0 reports to its vendor over the network and keeps a database in the user's cache
 * folder; with a damaged or unreadable one it overflows the stack of the process before any model
 * is opened (microsoft/onnxruntime, pull request 27379 and issue 32173). A batch job on a cluster
 * does neither, so this is switched off before the library is loaded.
 *
 * <p>Its Java binding frees it in a shutdown hook, also under sessions that are being created or
 * run then, which ends the process in a segmentation fault whatever its exit code was to be. The
 * environment counts its users, so one more is registered here, which stays for good: there is no
 * public way to do so.
 */
final class RuntimeEnvironment {
  private static final OrtEnvironment ENVIRONMENT;

  static {
    NativeEnvironment.set("ORT_DISABLE_TELEMETRY", "1");
    ENVIRONMENT = load();
    stay();
  }

  private RuntimeEnvironment() {}

  /** The environment, which is never freed. */
  static OrtEnvironment get() {
    return ENVIRONMENT;
  }

  private static OrtEnvironment load() {
    try {
      return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    } catch (LinkageError e) {
      throw UnloadedRuntime.because(e);
    }
  }

  private static void stay() {
    try {
      Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
      Method create =
          OrtEnvironment.class.getDeclaredMethod(
              "createHandle", long.class, int.class, String.class);
      api.setAccessible(true);
      create.setAccessible(true);
      create.invoke(
          null,
          api.getLong(null),
          OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR.getValue(),
          OrtEnvironment.DEFAULT_NAME);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("another version of ONNX Runtime than was tested", e);
    }
  }
}
