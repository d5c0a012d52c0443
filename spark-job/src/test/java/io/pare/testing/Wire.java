package io.pare.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A message in the protobuf encoding, written field by field without any schema. Writers put fields
 * in the order of their numbers.
 */
public final class Wire {
  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED_32 = 5;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private Wire() {}

  public static Wire message() {
    return new Wire();
  }

  public Wire number(int field, long... values) {
    for (long value : values) {
      tag(field, VARINT);
      varint(value);
    }
    return this;
  }

  public Wire packed(int field, long... values) {
    Wire list = message();
    for (long value : values) {
      list.varint(value);
    }
    return part(field, list);
  }

  public Wire real(int field, float... values) {
    for (float value : values) {
      tag(field, FIXED_32);
      out.writeBytes(littleEndian(value));
    }
    return this;
  }

  public Wire text(int field, String... values) {
    for (String value : values) {
      raw(field, value.getBytes(StandardCharsets.UTF_8));
    }
    return this;
  }

  public Wire raw(int field, byte... value) {
    tag(field, LENGTH_DELIMITED);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  public Wire part(int field, Wire... messages) {
    for (Wire message : messages) {
      raw(field, message.bytes());
    }
    return this;
  }

  public byte[] bytes() {
    return out.toByteArray();
  }

  /** The values, four bytes for each. */
  public static byte[] littleEndian(float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  /** The contents of every length-delimited field of one number. */
  public static List<byte[]> parts(byte[] message, int number) {
    List<byte[]> parts = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(message);
    while (in.hasRemaining()) {
      long tag = varint(in);
      switch ((int) tag & 7) {
        case VARINT -> varint(in);
        case FIXED_32 -> in.getInt();
        case LENGTH_DELIMITED -> {
          int length = Math.toIntExact(varint(in));
          int end = in.position() + length;
          if (tag >>> 3 == number) {
            parts.add(Arrays.copyOfRange(message, in.position(), end));
          }
          in.position(end);
        }
        default -> throw new IllegalArgumentException("wire type of tag " + tag);
      }
    }
    return parts;
  }

  private void tag(int field, int wireType) {
    varint(((long) field << 3) | wireType);
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
