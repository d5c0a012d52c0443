package io.pare.stage.matrix;

import java.io.Serializable;

/**
 * How one dimension of a distributed matrix is cut: into blocks of equal size, the last one aside.
 *
 * @param length of the dimension, at least 1
 * @param size of a block
 */
record BlockGrid(int length, int size) implements Serializable {

  /** As few blocks of at most that size as hold the dimension, but two, of nearly equal size. */
  static BlockGrid of(int length, int largest) {
    int blocks = Math.max(Math.min(2, length), (length + largest - 1) / largest);
    return new BlockGrid(length, (length + blocks - 1) / blocks);
  }

  /** Blocks of one size, the last one too, that hold so many entries or some more. */
  static BlockGrid whole(int entries, int size) {
    return new BlockGrid((entries + size - 1) / size * size, size);
  }

  int blocks() {
    return (length + size - 1) / size;
  }

  /** Entries of a block. */
  int width(int block) {
    return Math.min(size, length - block * size);
  }

  int first(int block) {
    return block * size;
  }
}
