package io.pare.io.checkpoint;

import java.io.DataInputStream;
import java.io.IOException;

/**
 * What is read, and how much it can be at most.
 *
 * @param stream the bytes of a checkpoint
 * @param limit bytes of the whole file: no length in it can be larger
 */
record CheckpointInput(DataInputStream stream, long limit) {

  /**
   * A number of elements.
   *
   * @param size least bytes of one
   * @throws DamagedException where the file cannot hold so many
   */
  int length(int size) throws IOException {
    int length = stream.readInt();
    if (length < 0 || (long) length * size > limit) {
      throw new DamagedException("a length of " + length + " in a file of " + limit + " bytes");
    }
    return length;
  }

  /**
   * One of some kinds, by its place.
   *
   * @throws DamagedException where there are not so many
   */
  int index(int count) throws IOException {
    int index = stream.readInt();
    if (index < 0 || index >= count) {
      throw new DamagedException("number " + index + " of " + count + " kinds");
    }
    return index;
  }
}
