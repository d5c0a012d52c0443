package io.pare.stage.spark;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;
import java.util.List;

/** Writes any list of Java's own by its elements and reads it back as one that cannot change. */
public final class ListSerializer extends Serializer<List<?>> {

  public ListSerializer() {
    super(false, true);
  }

  @Override
  public void write(Kryo kryo, Output output, List<?> list) {
    output.writeVarInt(list.size(), true);
    list.forEach(element -> kryo.writeClassAndObject(output, element));
  }

  @Override
  public List<?> read(Kryo kryo, Input input, Class<List<?>> type) {
    int size = input.readVarInt(true);
    List<Object> list = new ArrayList<>(size);
    for (int k = 0; k < size; k++) {
      list.add(kryo.readClassAndObject(input));
    }
    return List.copyOf(list);
  }
}
