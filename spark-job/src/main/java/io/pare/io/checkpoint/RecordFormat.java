package io.pare.io.checkpoint;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
  private static final int CHUNK = 8192;

  private RecordFormat() {}

  static void write(DataOutputStream out, Type type, Object value) throws IOException {
    Class<?> plain = RecordSchema.plain(type);
    if (plain == int.class) {
      out.writeInt((int) value);
    } else if (plain == long.class) {
      out.writeLong((long) value);
    } else if (plain == double.class) {
      out.writeDouble((double) value);
    } else if (plain == boolean.class) {
      out.writeBoolean((boolean) value);
    } else if (plain == String.class) {
      byte[] text = ((String) value).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      out.writeInt(text.length);
      out.write(text);
    } else if (plain.isArray()) {
      writeArray(out, value);
    } else if (plain.isEnum()) {
      out.writeInt(List.of(plain.getEnumConstants()).indexOf(value));
    } else if (plain == List.class) {
      List<?> list = (List<?>) value;
      out.writeInt(list.size());
      for (Object item : list) {
        write(out, RecordSchema.element(type), item);
      }
    } else if (plain == Optional.class) {
      Optional<?> optional = (Optional<?>) value;
      out.writeBoolean(optional.isPresent());
      if (optional.isPresent()) {
        write(out, RecordSchema.element(type), optional.get());
      }
    } else if (plain.isSealed()) {
      List<Class<?>> permitted = List.of(plain.getPermittedSubclasses());
      out.writeInt(permitted.indexOf(value.getClass()));
      write(out, value.getClass(), value);
    } else {
      writeRecord(out, plain, value);
    }
  }

  private static void writeRecord(DataOutputStream out, Class<?> type, Object value)
      throws IOException {
    for (RecordComponent component : components(type)) {
      component.getAccessor().setAccessible(true);
      Object part;
      try {
        part = component.getAccessor().invoke(value);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("a record's components can be read", e);
      }
      write(out, component.getGenericType(), part);
    }
  }

  private static RecordComponent[] components(Class<?> type) {
    if (!type.isRecord()) {
      throw new IllegalArgumentException("no checkpoint can hold a " + type.getName());
    }
    return type.getRecordComponents();
  }

  private static void writeArray(DataOutputStream out, Object array) throws IOException {
    int length = Array.getLength(array);
    out.writeInt(length);
    int size = size(array.getClass());
    for (int begin = 0; begin < length; begin += CHUNK) {
      int count = Math.min(CHUNK, length - begin);
      ByteBuffer buffer = ByteBuffer.allocate(count * size);
      if (array instanceof byte[] bytes) {
        buffer.put(bytes, begin, count);
      } else if (array instanceof double[] doubles) {
        buffer.asDoubleBuffer().put(doubles, begin, count);
      } else if (array instanceof float[] floats) {
        buffer.asFloatBuffer().put(floats, begin, count);
      } else {
        buffer.asIntBuffer().put((int[]) array, begin, count);
      }
      out.write(buffer.array());
    }
  }

  private static int size(Class<?> array) {
    if (array == double[].class) {
      return Double.BYTES;
    }
    if (array == byte[].class) {
      return 1;
    }
    if (array == float[].class || array == int[].class) {
      return Integer.BYTES;
    }
    throw new IllegalArgumentException("no checkpoint can hold a " + array.getName());
  }

  /**
   * Reads a value.
   *
   * @param limit bytes of the whole file: no length in it can be larger
   * @throws DamagedException if the bytes are none of the type
   */
  static Object read(DataInputStream in, Type type, long limit) throws IOException {
    Class<?> plain = RecordSchema.plain(type);
    if (plain == int.class) {
      return in.readInt();
    } else if (plain == long.class) {
      return in.readLong();
    } else if (plain == double.class) {
      return in.readDouble();
    } else if (plain == boolean.class) {
      return in.readBoolean();
    } else if (plain == String.class) {
      byte[] text = new byte[length(in, limit, 1)];
      in.readFully(text);
      return new String(text, java.nio.charset.StandardCharsets.UTF_8);
    } else if (plain.isArray()) {
      return readArray(in, plain, limit);
    } else if (plain.isEnum()) {
      return plain.getEnumConstants()[index(in, plain.getEnumConstants().length)];
    } else if (plain == List.class) {
      int length = length(in, limit, 1);
      List<Object> list = new ArrayList<>();
      for (int k = 0; k < length; k++) {
        list.add(read(in, RecordSchema.element(type), limit));
      }
      return List.copyOf(list);
    } else if (plain == Optional.class) {
      return in.readBoolean()
          ? Optional.of(read(in, RecordSchema.element(type), limit))
          : Optional.empty();
    } else if (plain.isSealed()) {
      Class<?>[] permitted = plain.getPermittedSubclasses();
      return read(in, permitted[index(in, permitted.length)], limit);
    }
    return readRecord(in, plain, limit);
  }

  private static Object readRecord(DataInputStream in, Class<?> type, long limit)
      throws IOException {
    RecordComponent[] components = components(type);
    Object[] parts = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int k = 0; k < parts.length; k++) {
      types[k] = components[k].getType();
      parts[k] = read(in, components[k].getGenericType(), limit);
    }
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(parts);
    } catch (InvocationTargetException e) {
      throw new DamagedException(type.getSimpleName() + ": " + e.getCause().getMessage());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record has its canonical constructor", e);
    }
  }

  private static Object readArray(DataInputStream in, Class<?> type, long limit)
      throws IOException {
    int size = size(type);
    int length = length(in, limit, size);
    Object array = Array.newInstance(type.getComponentType(), length);
    byte[] bytes = new byte[Math.min(CHUNK, length) * size];
    for (int begin = 0; begin < length; begin += CHUNK) {
      int count = Math.min(CHUNK, length - begin);
      in.readFully(bytes, 0, count * size);
      ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count * size);
      if (array instanceof byte[] plain) {
        buffer.get(plain, begin, count);
      } else if (array instanceof double[] doubles) {
        buffer.asDoubleBuffer().get(doubles, begin, count);
      } else if (array instanceof float[] floats) {
        buffer.asFloatBuffer().get(floats, begin, count);
      } else {
        buffer.asIntBuffer().get((int[]) array, begin, count);
      }
    }
    return array;
  }

  private static int length(DataInputStream in, long limit, int size) throws IOException {
    int length = in.readInt();
    if (length < 0 || (long) length * size > limit) {
      throw new DamagedException("a length of " + length + " in a file of " + limit + " bytes");
    }
    return length;
  }

  private static int index(DataInputStream in, int count) throws IOException {
    int index = in.readInt();
    if (index < 0 || index >= count) {
      throw new DamagedException("number " + index + " of " + count + " kinds");
    }
    return index;
  }
}
