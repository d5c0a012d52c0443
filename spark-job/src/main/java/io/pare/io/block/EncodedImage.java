package io.pare.io.block;

/**
 * An image file as it was found, not decoded yet.
 *
 * @param id place in the data set, from 0; independent of how the data set is partitioned, so that
 *     seeds can be drawn from it
 * @param name the file's name or path inside its source; data, never used as a path
 * @param label class index, or {@link #NO_LABEL}
 * @param bytes the encoded file
 */
@SuppressWarnings("ArrayRecordComponent")
public record EncodedImage(long id, String name, int label, byte[] bytes) {
  /** The label of an image whose class is not known. */
  public static final int NO_LABEL = -1;
}
