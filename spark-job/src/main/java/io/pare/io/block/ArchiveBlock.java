package io.pare.io.block;

/**
 * Images inside one uncompressed archive, by byte range.
 *
 * @param index place among the blocks of the data set
 * @param firstId id of the first image
 * @param archive the archive file, with scheme and authority
 * @param names name of each image inside the archive
 * @param offsets first byte of each image in the archive file
 * @param lengths bytes of each image
 * @param labels class index of each image, or {@link EncodedImage#NO_LABEL}
 */
@SuppressWarnings("ArrayRecordComponent") // built once, never changed, and small on the wire
public record ArchiveBlock(
    int index,
    long firstId,
    String archive,
    String[] names,
    long[] offsets,
    long[] lengths,
    int[] labels)
    implements ImageBlock {

  public ArchiveBlock {
    if (names.length < 1
        || names.length != offsets.length
        || names.length != lengths.length
        || names.length != labels.length) {
      throw new IllegalArgumentException(
          "block %d of %s: %d names, %d offsets, %d lengths, %d labels"
              .formatted(
                  index, archive, names.length, offsets.length, lengths.length, labels.length));
    }
  }

  @Override
  public int count() {
    return names.length;
  }
}
