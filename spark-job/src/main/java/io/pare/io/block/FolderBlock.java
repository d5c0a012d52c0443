package io.pare.io.block;

/**
 * Image files below one folder.
 *
 * @param index place among the blocks of the data set
 * @param firstId id of the first image
 * @param root the folder, with scheme and authority
 * @param names path of each file below {@code root}
 * @param lengths bytes of each file
 * @param labels class index of each image, or {@link EncodedImage#NO_LABEL}
 */
@SuppressWarnings("ArrayRecordComponent") // built once, never changed, and small on the wire
public record FolderBlock(
    int index, long firstId, String root, String[] names, long[] lengths, int[] labels)
    implements ImageBlock {

  public FolderBlock {
    if (names.length < 1 || names.length != lengths.length || names.length != labels.length) {
      throw new IllegalArgumentException(
          "block %d of %s: %d names, %d lengths, %d labels"
              .formatted(index, root, names.length, lengths.length, labels.length));
    }
  }

  @Override
  public int count() {
    return names.length;
  }
}
