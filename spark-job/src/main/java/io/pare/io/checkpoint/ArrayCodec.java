package io.pare.io.checkpoint;

import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Arrays of primitives: their length, then their elements, copied in parts.
 *
 * @param type the only type that it fits
 * @param size bytes of an element
 * @param put copies elements to a buffer
 * @param take copies elements from a buffer
 */
record ArrayCodec(Class<?> type, int size, Copy put, Copy take) implements Codec {
  static final List<Codec> ALL =
      List.of(
          new ArrayCodec(
              byte[].class,
              Byte.BYTES,
              (buffer, array, begin, count) -> buffer.put((byte[]) array, begin, count),
              (buffer, array, begin, count) -> buffer.get((byte[]) array, begin, count)),
          new ArrayCodec(
              int[].class,
              Integer.BYTES,
              (buffer, array, begin, count) ->
                  buffer.asIntBuffer().put((int[]) array, begin, count),
              (buffer, array, begin, count) ->
                  buffer.asIntBuffer().get((int[]) array, begin, count)),
          new ArrayCodec(
              float[].class,
              Float.BYTES,
              (buffer, array, begin, count) ->
                  buffer.asFloatBuffer().put((float[]) array, begin, count),
              (buffer, array, begin, count) ->
                  buffer.asFloatBuffer().get((float[]) array, begin, count)),
          new ArrayCodec(
              double[].class,
              Double.BYTES,
              (buffer, array, begin, count) ->
                  buffer.asDoubleBuffer().put((double[]) array, begin, count),
              (buffer, array, begin, count) ->
                  buffer.asDoubleBuffer().get((double[]) array, begin, count)));

  private static final int CHUNK = 8192;

  /** Copies some elements of an array from or to the beginning of a buffer. */
  interface Copy {
    void copy(ByteBuffer buffer, Object array, int begin, int count);
  }

  @Override
  public boolean fits(Class<?> other) {
    return other == type;
  }

  @Override
  public void write(DataOutputStream out, Type ofValue, Object array) throws IOException {
    int length = Array.getLength(array);
    out.writeInt(length);
    for (int begin = 0; begin < length; begin += CHUNK) {
      int count = Math.min(CHUNK, length - begin);
      ByteBuffer buffer = ByteBuffer.allocate(count * size);
      put.copy(buffer, array, begin, count);
      out.write(buffer.array());
    }
  }

  @Override
  public Object read(CheckpointInput in, Type ofValue) throws IOException {
    int length = in.length(size);
    Object array = Array.newInstance(type.getComponentType(), length);
    byte[] bytes = new byte[Math.min(CHUNK, length) * size];
    for (int begin = 0; begin < length; begin += CHUNK) {
      int count = Math.min(CHUNK, length - begin);
      in.stream().readFully(bytes, 0, count * size);
      take.copy(ByteBuffer.wrap(bytes, 0, count * size), array, begin, count);
    }
    return array;
  }
}
