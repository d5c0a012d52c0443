package io.pare.io.block;

import java.io.Serializable;

/**
 * A few neighbouring images of a data set, by address: the driver lists blocks, an executor reads
 * them.
 *
 * <p>Blocks are cut at places that depend on the data set and the block size alone, never on
 * partitions, so that sums taken per block and folded in the order of {@link #index()} are the same
 * for any number of executors. Immutable and serialisable; holds no pixels.
 */
public sealed interface ImageBlock extends Serializable
    permits ArchiveBlock, FolderBlock, ParquetBlock {

  /** Place among the blocks of the data set, from 0. */
  int index();

  /** {@link EncodedImage#id()} of the first image; the others follow without gaps. */
  long firstId();

  /** Number of images, at least 1. */
  int count();
}
