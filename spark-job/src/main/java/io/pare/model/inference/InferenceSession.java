package io.pare.model.inference;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.pare.InputException;
import io.pare.model.InputShape;
import io.pare.model.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * Runs one network in ONNX Runtime on the CPU. {@code run} is safe from several threads at a time;
 * {@code close} is not safe while one of them runs: see {@link InferenceSessions}.
 *
 * <p>One OrtEnvironment per JVM, never closed. Threads are the caller's to count: the defaults
 * would take every core of the host, so one thread between operators, sequential execution, and no
 * spinning, which would steal the time of other tasks. ONNX Runtime may rewrite a network as far as
 * it can: that decides the last bits of what it computes, so it is the same everywhere.
 */
public final class InferenceSession implements AutoCloseable {
  private final NamedSession session;
  private final Map<String, TensorInfo> inputs;
  private final Set<String> floats;
  private volatile Optional<OutputShapes> outputs = Optional.empty();

  /**
   * The shapes of all outputs, which hold single precision, for images of a shape.
   *
   * @param dims by name, the first of them the images
   */
  private record OutputShapes(InputShape image, Map<String, long[]> dims) {}

  private InferenceSession(
      NamedSession session, Map<String, TensorInfo> inputs, Set<String> floats) {
    this.session = session;
    this.inputs = inputs;
    this.floats = floats;
  }

  /** The version of ONNX Runtime. */
  public static String runtimeVersion() {
    return RuntimeEnvironment.get().getVersion();
  }

  /**
   * Loads a network.
   *
   * @param model the ONNX file, with inputs of floats or halves
   * @param threads threads inside an operator, at least 1
   * @throws InputException if ONNX Runtime cannot run it, with its reason
   */
  public static InferenceSession open(byte[] model, int threads) {
    try {
      NamedSession session = NamedSession.open(model, threads);
      try {
        return of(session);
      } catch (OrtException | RuntimeException e) {
        session.close();
        throw e;
      }
    } catch (OrtException e) {
      throw refused(e);
    }
  }

  private static InferenceSession of(NamedSession session) throws OrtException {
    Map<String, TensorInfo> inputs = new LinkedHashMap<>();
    for (Map.Entry<String, NodeInfo> entry : session.inputs().entrySet()) {
      if (entry.getValue().getInfo() instanceof TensorInfo info
          && (info.type == OnnxJavaType.FLOAT || info.type == OnnxJavaType.FLOAT16)) {
        inputs.put(entry.getKey(), info);
      } else {
        throw InputException.data(
            "network input %s takes no floats: %s"
                .formatted(entry.getKey(), entry.getValue().getInfo()));
      }
    }
    return new InferenceSession(session, inputs, SessionOutputs.floats(session.outputs()));
  }

  /** The input of a network that takes images and nothing else. */
  private Map.Entry<String, TensorInfo> images() {
    if (inputs.size() != 1) {
      throw InputException.data(
          "the network has inputs " + inputs.keySet() + "; one batch of images is needed");
    }
    return inputs.entrySet().iterator().next();
  }

  private int fixedBatch() {
    long[] shape = images().getValue().getShape();
    return Math.toIntExact(shape.length == 0 ? -1 : shape[0]);
  }

  private static InputException refused(OrtException e) {
    String reason =
        String.valueOf(e.getMessage())
            .replaceFirst("^Error code - \\w+ - message: ", "")
            .replaceAll("\\s+", " ")
            .strip();
    return InputException.data("ONNX Runtime cannot run the network: " + reason);
  }

  /**
   * Runs a batch, as {@link #passes} do.
   *
   * @return every output of floats by name, joined along its first axis; halves and doubles as
   *     floats
   */
  public Map<String, TensorData> run(float[] batch, int images, InputShape shape) {
    return Pass.joined(passes(batch, images, shape));
  }

  /**
   * Runs a batch. A network that fixes its batch size is run as often as it takes, the last batch
   * filled up with zeros.
   *
   * @param batch {@code images * shape.values()} values
   * @param images at least 1
   * @param shape of one image
   * @throws InputException if ONNX Runtime cannot run it, with its reason
   */
  public List<Pass> passes(float[] batch, int images, InputShape shape) {
    if (images < 1 || batch.length != Math.multiplyExact(images, shape.values())) {
      throw new IllegalArgumentException(
          "%d values are not %d images of %d".formatted(batch.length, images, shape.values()));
    }
    int size = fixedBatch() < 1 ? images : fixedBatch();
    List<Pass> passes = new ArrayList<>();
    for (int first = 0; first < images; first += size) {
      int count = Math.min(size, images - first);
      int from = first * shape.values();
      float[] part =
          count == images && size == images
              ? batch
              : Arrays.copyOf(
                  Arrays.copyOfRange(batch, from, from + count * shape.values()),
                  size * shape.values());
      Map<String, TensorData> outputs = runOnce(part, shape.batch(size));
      passes.add(new Pass(outputs, count, size));
    }
    return passes;
  }

  /**
   * Runs a batch and has its outputs read where ONNX Runtime puts them: nothing is copied once a
   * first run has told the shapes. As {@link #run(float[], int, InputShape)} else.
   *
   * @param reader takes every output by name; the views are of no use after it returns
   */
  public <T> T read(
      float[] batch, int images, InputShape shape, Function<Map<String, TensorView>, T> reader) {
    Optional<OutputShapes> known = outputs.filter(told -> told.image().equals(shape));
    int fixed = fixedBatch();
    if (known.isPresent() && (fixed < 1 || fixed == images)) {
      return runInto(batch, shape.batch(images), known.get().dims(), reader);
    }
    Map<String, TensorData> values = run(batch, images, shape);
    outputs = outputShapes(values, images, shape);
    Map<String, TensorView> views = new LinkedHashMap<>();
    values.forEach((name, data) -> views.put(name, TensorView.of(data)));
    return reader.apply(views);
  }

  private Optional<OutputShapes> outputShapes(
      Map<String, TensorData> values, int images, InputShape shape) {
    try {
      for (NodeInfo output : session.outputs().values()) {
        if (!(output.getInfo() instanceof TensorInfo info) || info.type != OnnxJavaType.FLOAT) {
          return Optional.empty();
        }
      }
    } catch (OrtException e) {
      throw refused(e);
    }
    Map<String, long[]> dims = new LinkedHashMap<>();
    for (Map.Entry<String, TensorData> output : values.entrySet()) {
      long[] its = output.getValue().shape();
      if (its.length == 0 || its[0] != images) {
        return Optional.empty();
      }
      dims.put(output.getKey(), its);
    }
    return Optional.of(new OutputShapes(shape, dims));
  }

  private <T> T runInto(
      float[] batch,
      long[] inputDims,
      Map<String, long[]> dims,
      Function<Map<String, TensorView>, T> reader) {
    Map.Entry<String, TensorInfo> input = images();
    // An input that is an output too is not written anywhere: it is what it was.
    Map<String, long[]> computed = new LinkedHashMap<>(dims);
    boolean passedOn = computed.remove(input.getKey()) != null;
    Map<String, TensorView> views = NativeBuffers.outputs(computed, inputDims[0]);
    if (!computed.isEmpty()) {
      runInto(input, new TensorData(inputDims, batch), views);
    }
    if (passedOn) {
      views.put(input.getKey(), TensorView.of(new TensorData(inputDims, batch)));
    }
    return reader.apply(views);
  }

  private void runInto(
      Map.Entry<String, TensorInfo> input, TensorData batch, Map<String, TensorView> views) {
    Map<String, OnnxTensor> given = new LinkedHashMap<>();
    Map<String, OnnxTensor> pinned = new LinkedHashMap<>();
    try {
      given.put(
          input.getKey(),
          tensor(
              input.getValue(), batch, NativeBuffers.input(batch.values().length * Float.BYTES)));
      for (Map.Entry<String, TensorView> view : views.entrySet()) {
        FloatBuffer values = view.getValue().values();
        pinned.put(
            view.getKey(),
            OnnxTensor.createTensor(RuntimeEnvironment.get(), values, view.getValue().shape()));
      }
      try (OrtSession.Result result = session.run(given, pinned)) {
        if (result.size() != views.size()) {
          throw new IllegalStateException(
              result.size() + " outputs came of a network that has " + views.size());
        }
      }
    } catch (OrtException e) {
      throw refused(e);
    } finally {
      given.values().forEach(OnnxTensor::close);
      pinned.values().forEach(OnnxTensor::close);
    }
  }

  /** The shapes of the outputs for a batch of zeros; the values are not copied. */
  Map<String, long[]> shapes(InputShape shape) {
    return shapes(shape, Math.max(1, fixedBatch()));
  }

  /** The shapes of the outputs for a batch of so many zeros. */
  Map<String, long[]> shapes(InputShape shape, int images) {
    return shapes(new float[images * shape.values()], images, shape);
  }

  /**
   * The shapes of the outputs for a batch; the values are not copied.
   *
   * @param batch {@code images * shape.values()} values
   * @throws InputException if ONNX Runtime cannot run it, with its reason
   */
  public Map<String, long[]> shapes(float[] batch, int images, InputShape shape) {
    return runOnce(
        Map.of(images().getKey(), new TensorData(shape.batch(images), batch)),
        session.outputNames(),
        SessionOutputs::shapes);
  }

  /**
   * Refuses outputs that hold no floats.
   *
   * @throws InputException for the first of them
   */
  public void requireFloats(List<String> outputs) {
    try {
      Map<String, NodeInfo> told = session.outputs();
      outputs.forEach(name -> SessionOutputs.requireFloats(name, told.get(name).getInfo()));
    } catch (OrtException e) {
      throw refused(e);
    }
  }

  /**
   * Runs a batch of a network that takes other tensors than images: a section of one, see {@link
   * io.pare.model.Frontier}.
   *
   * @param tensors by name, images first: every input, and maybe others
   * @return every output of floats by name; halves and doubles as floats
   * @throws InputException if ONNX Runtime cannot run it, with its reason
   */
  public Map<String, TensorData> run(Map<String, TensorData> tensors) {
    Map<String, TensorData> read = new LinkedHashMap<>(tensors);
    read.keySet().retainAll(inputs.keySet());
    if (read.size() != inputs.size()) {
      throw new IllegalArgumentException(
          "the network reads " + inputs.keySet() + ", not " + tensors.keySet());
    }
    return runOnce(read, floats, SessionOutputs::values);
  }

  private Map<String, TensorData> runOnce(float[] batch, long[] shape) {
    return runOnce(
        Map.of(images().getKey(), new TensorData(shape, batch)), floats, SessionOutputs::values);
  }

  /** Runs once and takes what is wanted out of the result before it is closed. */
  private <T> Map<String, T> runOnce(
      Map<String, TensorData> tensors,
      Set<String> wanted,
      Function<OrtSession.Result, Map<String, T>> extraction) {
    long bytes =
        tensors.values().stream().mapToLong(t -> (long) t.values().length * Float.BYTES).sum();
    ByteBuffer buffer = NativeBuffers.input(Math.toIntExact(bytes));
    Map<String, OnnxTensor> given = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, TensorData> entry : tensors.entrySet()) {
        given.put(entry.getKey(), tensor(inputs.get(entry.getKey()), entry.getValue(), buffer));
      }
      try (OrtSession.Result result = session.run(given, wanted)) {
        return session.named(extraction.apply(result));
      }
    } catch (OrtException e) {
      throw refused(e);
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }

  /** Puts values where the buffer stands, and moves it on. */
  private static OnnxTensor tensor(TensorInfo input, TensorData data, ByteBuffer buffer)
      throws OrtException {
    boolean halves = input.type == OnnxJavaType.FLOAT16;
    int bytes = data.values().length * (halves ? Short.BYTES : Float.BYTES);
    ByteBuffer part = buffer.slice(buffer.position(), bytes).order(ByteOrder.nativeOrder());
    buffer.position(buffer.position() + bytes);
    if (!halves) {
      FloatBuffer floats = part.asFloatBuffer().put(data.values()).flip();
      return OnnxTensor.createTensor(RuntimeEnvironment.get(), floats, data.shape());
    }
    ShortBuffer bits = part.asShortBuffer();
    for (float value : data.values()) {
      bits.put(Tensors.floatToHalf(value));
    }
    return OnnxTensor.createTensor(
        RuntimeEnvironment.get(), bits.flip(), data.shape(), OnnxJavaType.FLOAT16);
  }

  /** A batch of zeros that stays where it is, to be closed by the caller. */
  OnnxTensor zeros(long[] dims) {
    boolean halves = images().getValue().type == OnnxJavaType.FLOAT16;
    long elements = LongStream.of(dims).reduce(1, Math::multiplyExact);
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(Math.toIntExact(elements * (halves ? Short.BYTES : Float.BYTES)))
            .order(ByteOrder.nativeOrder());
    try {
      return halves
          ? OnnxTensor.createTensor(
              RuntimeEnvironment.get(), buffer.asShortBuffer(), dims, OnnxJavaType.FLOAT16)
          : OnnxTensor.createTensor(RuntimeEnvironment.get(), buffer.asFloatBuffer(), dims);
    } catch (OrtException e) {
      throw refused(e);
    }
  }

  /** Runs a batch and throws away what it gives: the time of that in nanoseconds. */
  long nanoseconds(OnnxTensor batch) {
    long start = System.nanoTime();
    try (OrtSession.Result result = session.run(Map.of(images().getKey(), batch))) {
      long end = System.nanoTime();
      if (result.size() == 0) {
        throw new IllegalStateException("a network without outputs has been run");
      }
      return Math.max(1, end - start);
    } catch (OrtException e) {
      throw refused(e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime could not close a session", e);
    }
  }
}
