package io.pare.testing;

import io.pare.io.source.SourceOptions;
import java.util.Optional;

/** Options of a data set that only the packing of images and tests set one by one. */
public final class DataSetOptions {
  private DataSetOptions() {}

  /** Nothing known, blocks of at most so many images. */
  public static SourceOptions blocksOf(int images) {
    return new SourceOptions(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), images);
  }

  /** These options with a file of labels in the order of names. */
  public static SourceOptions withGroundTruth(SourceOptions options, String file) {
    return new SourceOptions(
        options.synsets(),
        options.labels(),
        Optional.of(file),
        options.synsetIds(),
        options.blockSize());
  }

  /** These options with the meaning of the numbers in a ground truth. */
  public static SourceOptions withSynsetIds(SourceOptions options, String file) {
    return new SourceOptions(
        options.synsets(),
        options.labels(),
        options.groundTruth(),
        Optional.of(file),
        options.blockSize());
  }
}
