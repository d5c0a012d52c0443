package io.pare.io.checkpoint;

import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Single values.
 *
 * @param type the only type that it fits
 * @param writer of a value
 * @param reader of what the writer wrote
 */
record PlainCodec(Class<?> type, Writer writer, Reader reader) implements Codec {
  static final List<Codec> ALL =
      List.of(
          new PlainCodec(
              int.class, (out, value) -> out.writeInt((int) value), in -> in.stream().readInt()),
          new PlainCodec(
              long.class,
              (out, value) -> out.writeLong((long) value),
              in -> in.stream().readLong()),
          new PlainCodec(
              double.class,
              (out, value) -> out.writeDouble((double) value),
              in -> in.stream().readDouble()),
          new PlainCodec(
              boolean.class,
              (out, value) -> out.writeBoolean((boolean) value),
              in -> in.stream().readBoolean()),
          new PlainCodec(String.class, PlainCodec::writeText, PlainCodec::readText));

  /** Writes one value. */
  interface Writer {
    void write(DataOutputStream out, Object value) throws IOException;
  }

  /** Reads one value. */
  interface Reader {
    Object read(CheckpointInput in) throws IOException;
  }

  @Override
  public boolean fits(Class<?> other) {
    return other == type;
  }

  @Override
  public void write(DataOutputStream out, Type ofValue, Object value) throws IOException {
    writer.write(out, value);
  }

  @Override
  public Object read(CheckpointInput in, Type ofValue) throws IOException {
    return reader.read(in);
  }

  private static void writeText(DataOutputStream out, Object value) throws IOException {
    byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
    out.writeInt(text.length);
    out.write(text);
  }

  private static Object readText(CheckpointInput in) throws IOException {
    byte[] text = new byte[in.length(1)];
    in.stream().readFully(text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
