package io.pare.io.checkpoint;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.List;
import java.util.stream.Stream;

/**
 * Records as bytes: component by component, big-endian, arrays and lists behind their length. The
 * types come from the record that is asked for, never from the bytes: a value of a sealed interface
 * is told by its place among the permitted records, a constant of an enumeration by its place among
 * them. Records are rebuilt through their constructors, so that their checks run on what was read.
 *
 * <p>Components may be of type int, long, double, boolean, String, int[], double[], float[],
 * byte[], an enumeration, a record, a sealed interface of records, or a list or an optional of
 * these. Safe for use by several threads.
 */
final class RecordFormat {
  private static final List<Codec> CODECS =
      Stream.of(PlainCodec.ALL, ArrayCodec.ALL, NestedCodec.ALL).flatMap(List::stream).toList();

  private RecordFormat() {}

  static void write(DataOutputStream out, Type type, Object value) throws IOException {
    codec(type).write(out, type, value);
  }

  /**
   * Reads a value.
   *
   * @param limit bytes of the whole file: no length in it can be larger
   * @throws DamagedException if the bytes are none of the type
   */
  static Object read(DataInputStream in, Type type, long limit) throws IOException {
    return read(new CheckpointInput(in, limit), type);
  }

  static Object read(CheckpointInput in, Type type) throws IOException {
    return codec(type).read(in, type);
  }

  private static Codec codec(Type type) {
    Class<?> plain = RecordSchema.plain(type);
    return CODECS.stream()
        .filter(codec -> codec.fits(plain))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no checkpoint can hold a " + plain.getName()));
  }
}
