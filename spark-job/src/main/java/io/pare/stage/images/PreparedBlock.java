package io.pare.stage.images;

import io.pare.io.checkpoint.RecordHash;
import java.util.List;
import java.util.function.Predicate;

/**
 * A few neighbouring images of a data set, decoded, resized and cropped, not normalised yet: what
 * every pass over the images starts from.
 *
 * @param index place among the blocks of the data set
 * @param images the good ones in the order of their ids
 * @param bad the others
 */
public record PreparedBlock(int index, List<PreparedImage> images, List<BadImage> bad) {

  public PreparedBlock {
    images = List.copyOf(images);
    bad = List.copyOf(bad);
  }

  /** The block with every n-th image of the data set alone. */
  public PreparedBlock sampled(long every) {
    return only(image -> image.id() % every == 0);
  }

  /** Those of its images that a condition holds for. */
  public PreparedBlock only(Predicate<PreparedImage> condition) {
    return new PreparedBlock(index, images.stream().filter(condition).toList(), List.of());
  }

  /** What identifies the block. */
  Fingerprint fingerprint() {
    return new Fingerprint(index, RecordHash.of(this));
  }

  /**
   * The hash of a block, every pixel and label.
   *
   * @param block place among the blocks
   * @param sha256 in hexadecimal
   */
  public record Fingerprint(int block, String sha256) {}
}
