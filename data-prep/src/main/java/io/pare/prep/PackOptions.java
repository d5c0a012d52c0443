package io.pare.prep;

import io.pare.InputException;
import io.pare.io.source.SourceOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What the user asked for.
 *
 * @param source Hadoop path of the images
 * @param labels where classes and labels come from
 * @param output Hadoop path of the data set to make
 * @param split first part of the file names: letters, digits and underscores
 * @param imagesPerShard most images in a file, at least 1
 * @param shorterSide images whose shorter side has more pixels are made smaller; at least 1
 * @param maxBadImages how many images may be left out
 * @param command the arguments as given, for the summary
 */
record PackOptions(
    String source,
    SourceOptions labels,
    String output,
    String split,
    int imagesPerShard,
    OptionalInt shorterSide,
    BadImageLimit maxBadImages,
    List<String> command) {

  PackOptions {
    if (!split.matches("[A-Za-z0-9_]{1,64}")) {
      throw InputException.usage(
          "--split = " + split + ": a split is named by 1 to 64 letters, digits or underscores");
    }
    if (imagesPerShard < 1 || imagesPerShard > 1_000_000) {
      throw InputException.usage(
          "--images-per-shard = " + imagesPerShard + ": give 1 to 1000000 images");
    }
    if (shorterSide.isPresent() && shorterSide.getAsInt() < 1) {
      throw InputException.usage(
          "--shorter-side = " + shorterSide.getAsInt() + ": give at least 1 pixel");
    }
    command = List.copyOf(command);
  }

  /** What is read: Hadoop paths by the option that names them. */
  Map<String, String> inputs() {
    Map<String, String> inputs = new LinkedHashMap<>();
    inputs.put("SOURCE", source);
    labels.synsets().ifPresent(path -> inputs.put("--synsets", path));
    labels.labels().ifPresent(path -> inputs.put("--labels", path));
    labels.groundTruth().ifPresent(path -> inputs.put("--ground-truth", path));
    labels.synsetIds().ifPresent(path -> inputs.put("--synset-ids", path));
    return inputs;
  }
}
