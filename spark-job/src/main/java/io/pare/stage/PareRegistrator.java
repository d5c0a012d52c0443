package io.pare.stage;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import org.apache.spark.serializer.KryoRegistrator;

/** Registers with Kryo what travels between driver and executors. */
public final class PareRegistrator implements KryoRegistrator {

  @Override
  public void registerClasses(Kryo kryo) {
    // Kryo 4 cannot set the fields of a record; Java's own serialization calls its constructor.
    kryo.addDefaultSerializer(Record.class, JavaSerializer.class);
  }
}
