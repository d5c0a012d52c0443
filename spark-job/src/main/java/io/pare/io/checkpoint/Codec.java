package io.pare.io.checkpoint;

import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Type;

/** How values of one kind of type are written, and read again. Stateless. */
sealed interface Codec permits PlainCodec, ArrayCodec, NestedCodec {

  /** Whether a type is of this kind; the first codec that says so is taken. */
  boolean fits(Class<?> type);

  void write(DataOutputStream out, Type type, Object value) throws IOException;

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws DamagedException if the bytes are none of the type
   */
  Object read(CheckpointInput in, Type type) throws IOException;
}
