package io.pare.stage.spark;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/**
 * Writes a record component by component and rebuilds it through its canonical constructor, so that
 * its checks run on what arrives. Kryo 4 cannot set the fields of a record, and Java's own
 * serialization would copy every float array once more.
 *
 * @param <R> the record
 */
public final class RecordSerializer<R extends Record> extends Serializer<R> {
  private final Class<?>[] types;
  private final Method[] accessors;
  private final Constructor<R> constructor;

  public RecordSerializer(Class<R> type) {
    super(false, true);
    RecordComponent[] components = type.getRecordComponents();
    types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    accessors = Arrays.stream(components).map(RecordComponent::getAccessor).toArray(Method[]::new);
    Arrays.stream(accessors).forEach(accessor -> accessor.setAccessible(true));
    try {
      constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("a record has its canonical constructor", e);
    }
  }

  @Override
  public void write(Kryo kryo, Output output, R value) {
    try {
      for (int k = 0; k < accessors.length; k++) {
        Object component = accessors[k].invoke(value);
        if (types[k].isPrimitive()) {
          kryo.writeObject(output, component);
        } else {
          kryo.writeClassAndObject(output, component);
        }
      }
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("a record's components can be read", e);
    }
  }

  @Override
  public R read(Kryo kryo, Input input, Class<R> type) {
    Object[] components = new Object[types.length];
    for (int k = 0; k < components.length; k++) {
      components[k] =
          types[k].isPrimitive()
              ? kryo.readObject(input, boxed(types[k]))
              : kryo.readClassAndObject(input);
    }
    try {
      return constructor.newInstance(components);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(type + " arrived damaged", e.getCause());
    } catch (InstantiationException | IllegalAccessException e) {
      throw new IllegalStateException("a record can be built", e);
    }
  }

  private static Class<?> boxed(Class<?> primitive) {
    return java.lang.invoke.MethodType.methodType(primitive).wrap().returnType();
  }
}
