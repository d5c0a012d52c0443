package io.pare.model.inference;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.InvalidProtocolBufferException;
import io.pare.model.proto.Onnx;
import java.util.Map;
import java.util.Set;

/**
 * A session of ONNX Runtime in which inputs and outputs have the names of the network, whatever
 * characters these hold. As safe for use by several threads as the session itself.
 */
final class NamedSession {
  private final OrtSession session;
  private final NativeNames names;

  private NamedSession(OrtSession session, NativeNames names) {
    this.session = session;
    this.names = names;
  }

  /**
   * Loads a network.
   *
   * @param threads threads inside an operator, at least 1
   */
  static NamedSession open(byte[] model, int threads) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      options.addConfigEntry("session.inter_op.allow_spinning", "0");
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      OrtSession session = RuntimeEnvironment.get().createSession(model, options);
      if (!NativeNames.areGarbled(session.getInputNames())
          && !NativeNames.areGarbled(session.getOutputNames())) {
        return new NamedSession(session, NativeNames.same());
      }
      session.close();
      Onnx.ModelProto network = parsed(model);
      NativeNames names = NativeNames.of(network.getGraph());
      byte[] renamed =
          network.toBuilder().setGraph(names.applied(network.getGraph())).build().toByteArray();
      return new NamedSession(RuntimeEnvironment.get().createSession(renamed, options), names);
    }
  }

  private static Onnx.ModelProto parsed(byte[] model) {
    try {
      return Onnx.ModelProto.parseFrom(model);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("ONNX Runtime has read what is no network", e);
    }
  }

  Map<String, NodeInfo> inputs() throws OrtException {
    return names.outside(session.getInputInfo());
  }

  Map<String, NodeInfo> outputs() throws OrtException {
    return names.outside(session.getOutputInfo());
  }

  Set<String> outputNames() {
    return names.outside(session.getOutputNames());
  }

  /** What a run gave by the names that the network has. */
  <T> Map<String, T> named(Map<String, T> given) {
    return names.outside(given);
  }

  OrtSession.Result run(Map<String, OnnxTensor> given) throws OrtException {
    return session.run(names.inside(given));
  }

  OrtSession.Result run(Map<String, OnnxTensor> given, Set<String> wanted) throws OrtException {
    return session.run(names.inside(given), names.inside(wanted));
  }

  OrtSession.Result run(Map<String, OnnxTensor> given, Map<String, OnnxTensor> pinned)
      throws OrtException {
    return session.run(names.inside(given), names.inside(pinned));
  }

  void close() throws OrtException {
    session.close();
  }
}
