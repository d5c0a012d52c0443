package io.pare.model.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Memory outside the heap that this thread's runs share. It is freed when the garbage collector
 * gets to its handle, so each thread keeps one buffer for inputs and one for outputs, as large as
 * its largest batch, rather than new ones for every run. Thread-safe.
 */
final class NativeBuffers {
  private static final ThreadLocal<ByteBuffer> INPUT =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(0));
  private static final ThreadLocal<ByteBuffer> OUTPUT =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(0));
  private static final int ALIGNMENT = 64;

  private NativeBuffers() {}

  /** This thread's buffer for inputs, empty. */
  static ByteBuffer input(int bytes) {
    return grown(INPUT, bytes);
  }

  /** Places for the outputs of so many images, in this thread's buffer. */
  static Map<String, TensorView> outputs(Map<String, long[]> dims, long images) {
    Map<String, Integer> bytes = new LinkedHashMap<>();
    int sum = 0;
    for (Map.Entry<String, long[]> output : dims.entrySet()) {
      long values = images * LongStream.of(output.getValue()).skip(1).reduce(1, (a, b) -> a * b);
      int length = Math.toIntExact(Float.BYTES * values);
      bytes.put(output.getKey(), length);
      sum = Math.addExact(sum, length + ALIGNMENT);
    }
    ByteBuffer buffer = grown(OUTPUT, sum);
    Map<String, TensorView> views = new LinkedHashMap<>();
    int at = 0;
    for (Map.Entry<String, Integer> output : bytes.entrySet()) {
      long[] shape = dims.get(output.getKey()).clone();
      shape[0] = images;
      FloatBuffer part =
          buffer.slice(at, output.getValue()).order(ByteOrder.nativeOrder()).asFloatBuffer();
      views.put(output.getKey(), new TensorView(shape, part));
      at += (output.getValue() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    return views;
  }

  private static ByteBuffer grown(ThreadLocal<ByteBuffer> buffer, int bytes) {
    if (buffer.get().capacity() < bytes) {
      buffer.set(ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()));
    }
    return buffer.get().clear();
  }
}
