package io.pare.io.checkpoint;

import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Values that are made of others, or chosen from some. */
enum NestedCodec implements Codec {
  /** The place among the constants. It comes first: an enumeration may be sealed. */
  ENUMERATION {
    @Override
    public boolean fits(Class<?> type) {
      return type.isEnum();
    }

    @Override
    public void write(DataOutputStream out, Type type, Object value) throws IOException {
      out.writeInt(List.of(RecordSchema.plain(type).getEnumConstants()).indexOf(value));
    }

    @Override
    public Object read(CheckpointInput in, Type type) throws IOException {
      Object[] constants = RecordSchema.plain(type).getEnumConstants();
      return constants[in.index(constants.length)];
    }
  },

  /** The length, then the elements. */
  LIST {
    @Override
    public boolean fits(Class<?> type) {
      return type == List.class;
    }

    @Override
    public void write(DataOutputStream out, Type type, Object value) throws IOException {
      List<?> list = (List<?>) value;
      out.writeInt(list.size());
      for (Object item : list) {
        RecordFormat.write(out, RecordSchema.element(type), item);
      }
    }

    @Override
    public Object read(CheckpointInput in, Type type) throws IOException {
      int length = in.length(1);
      List<Object> list = new ArrayList<>();
      for (int k = 0; k < length; k++) {
        list.add(RecordFormat.read(in, RecordSchema.element(type)));
      }
      return List.copyOf(list);
    }
  },

  /** Whether there is a value, then the value. */
  OPTIONAL {
    @Override
    public boolean fits(Class<?> type) {
      return type == Optional.class;
    }

    @Override
    public void write(DataOutputStream out, Type type, Object value) throws IOException {
      Optional<?> optional = (Optional<?>) value;
      out.writeBoolean(optional.isPresent());
      if (optional.isPresent()) {
        RecordFormat.write(out, RecordSchema.element(type), optional.get());
      }
    }

    @Override
    public Object read(CheckpointInput in, Type type) throws IOException {
      return in.stream().readBoolean()
          ? Optional.of(RecordFormat.read(in, RecordSchema.element(type)))
          : Optional.empty();
    }
  },

  /** The place among the permitted records, then the record. */
  SEALED {
    @Override
    public boolean fits(Class<?> type) {
      return type.isSealed();
    }

    @Override
    public void write(DataOutputStream out, Type type, Object value) throws IOException {
      List<Class<?>> permitted = List.of(RecordSchema.plain(type).getPermittedSubclasses());
      out.writeInt(permitted.indexOf(value.getClass()));
      RecordFormat.write(out, value.getClass(), value);
    }

    @Override
    public Object read(CheckpointInput in, Type type) throws IOException {
      Class<?>[] permitted = RecordSchema.plain(type).getPermittedSubclasses();
      return RecordFormat.read(in, permitted[in.index(permitted.length)]);
    }
  },

  /** The components, first to last. */
  RECORD {
    @Override
    public boolean fits(Class<?> type) {
      return type.isRecord();
    }

    @Override
    public void write(DataOutputStream out, Type type, Object value) throws IOException {
      for (RecordComponent component : RecordSchema.plain(type).getRecordComponents()) {
        component.getAccessor().setAccessible(true);
        Object part;
        try {
          part = component.getAccessor().invoke(value);
        } catch (IllegalAccessException | InvocationTargetException e) {
          throw new IllegalStateException("a record's components can be read", e);
        }
        RecordFormat.write(out, component.getGenericType(), part);
      }
    }

    @Override
    public Object read(CheckpointInput in, Type type) throws IOException {
      Class<?> plain = RecordSchema.plain(type);
      RecordComponent[] components = plain.getRecordComponents();
      Object[] parts = new Object[components.length];
      for (int k = 0; k < parts.length; k++) {
        parts[k] = RecordFormat.read(in, components[k].getGenericType());
      }
      try {
        Constructor<?> constructor =
            plain.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        return constructor.newInstance(parts);
      } catch (InvocationTargetException e) {
        throw new DamagedException(plain.getSimpleName() + ": " + e.getCause().getMessage());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("a record has its canonical constructor", e);
      }
    }
  };

  static final List<Codec> ALL = List.of(values());
}
