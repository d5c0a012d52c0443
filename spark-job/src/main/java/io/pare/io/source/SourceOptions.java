package io.pare.io.source;

import java.util.Optional;

/**
 * What a user may say about an image data set beyond its place. All paths are Hadoop paths.
 *
 * @param synsets file with one class name a line, line 1 = class 0: the order of the network's
 *     outputs; for ImageNet the 1,000 sorted synsets
 * @param labels file with one {@code name,label} a line, label being a class index or class name
 * @param groundTruth file with one class a line, for the images in the order of their names: the
 *     ILSVRC validation ground truth
 * @param synsetIds file with one {@code ILSVRC2012_ID synset} a line, which gives the numbers of
 *     {@code groundTruth} their meaning
 * @param blockSize most images in a block, at least 1
 */
public record SourceOptions(
    Optional<String> synsets,
    Optional<String> labels,
    Optional<String> groundTruth,
    Optional<String> synsetIds,
    int blockSize) {

  /** Images in a block where nothing else is said. */
  public static final int DEFAULT_BLOCK_SIZE = 32;

  public SourceOptions {
    if (blockSize < 1) {
      throw new IllegalArgumentException("block size " + blockSize + " is below 1");
    }
  }

  /** Nothing known, blocks of {@value #DEFAULT_BLOCK_SIZE}. */
  public static SourceOptions defaults() {
    return new SourceOptions(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), DEFAULT_BLOCK_SIZE);
  }

  /** These options with a list of class names. */
  public SourceOptions withSynsets(String file) {
    return new SourceOptions(Optional.of(file), labels, groundTruth, synsetIds, blockSize);
  }

  /** These options with a file of labels by name. */
  public SourceOptions withLabels(String file) {
    return new SourceOptions(synsets, Optional.of(file), groundTruth, synsetIds, blockSize);
  }

  /** Whether labels come from a file rather than from folder names. */
  boolean labelledByFile() {
    return labels.isPresent() || groundTruth.isPresent();
  }
}
