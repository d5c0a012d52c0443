package io.pare.io.source;

import io.pare.InputException;
import io.pare.io.HadoopPaths;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;

/**
 * Labels by the order of names, as the ILSVRC validation set has them: line <i>k</i> is the class
 * of the <i>k</i>-th image.
 *
 * <p>Its numbers are {@code ILSVRC2012_ID}, which run from 1 in the order of the development kit
 * and are not class indices (the sorted synsets are): a file that maps them to synsets is needed.
 */
final class GroundTruth {
  private final String location;
  private final int[] labels;

  private GroundTruth(String location, int[] labels) {
    this.location = location;
    this.labels = labels;
  }

  static GroundTruth read(
      SourceOptions options, Optional<ClassNames> classes, Configuration configuration)
      throws IOException {
    String location = options.groundTruth().orElseThrow();
    ClassNames known =
        classes.orElseThrow(
            () ->
                InputException.usage(
                    "ground truth " + location + " needs a synset list to give class indices"));
    List<String> lines = HadoopPaths.lines(location, "ground truth", configuration);
    Map<String, String> synsets = Map.of();
    if (options.synsetIds().isPresent()) {
      synsets = synsetIds(options.synsetIds().get(), configuration);
    }
    int[] labels = new int[lines.size()];
    FirstFive unknown = new FirstFive();
    FirstFive numbers = new FirstFive();
    for (int i = 0; i < labels.length; i++) {
      String line = lines.get(i).strip();
      OptionalInt label = known.index(synsets.getOrDefault(line, line));
      if (label.isPresent()) {
        labels[i] = label.getAsInt();
      } else {
        unknown.add("line %d (%s)".formatted(i + 1, line));
        if (synsets.isEmpty() && line.matches("\\d+")) {
          numbers.add(line);
        }
      }
    }
    if (!numbers.isEmpty()) {
      throw InputException.usage(
          "ground truth %s holds numbers: %s; ILSVRC2012_ID are not class indices, so give the file"
                  .formatted(location, numbers)
              + " of \"ID synset\" lines too");
    }
    if (!unknown.isEmpty()) {
      throw InputException.data(
          "ground truth %s: %d of %d lines are no class of the %s: %s"
              .formatted(location, unknown.count(), labels.length, known.origin(), unknown));
    }
    return new GroundTruth(location, labels);
  }

  private static Map<String, String> synsetIds(String location, Configuration configuration)
      throws IOException {
    Map<String, String> synsets = new HashMap<>();
    FirstFive wrong = new FirstFive();
    List<String> lines = HadoopPaths.lines(location, "synset ids", configuration);
    for (int i = 0; i < lines.size(); i++) {
      String[] fields = lines.get(i).strip().split("[\\s,]+", 3);
      if (fields.length < 2 || !fields[0].matches("\\d+")) {
        wrong.add("line %d is not \"ID synset\"".formatted(i + 1));
      } else if (synsets.putIfAbsent(fields[0], fields[1]) != null) {
        wrong.add("line %d repeats ID %s".formatted(i + 1, fields[0]));
      }
    }
    if (!wrong.isEmpty()) {
      throw InputException.data("synset ids %s: %s".formatted(location, wrong));
    }
    return synsets;
  }

  int[] labels(String dataSet, int images) {
    if (images != labels.length) {
      throw InputException.data(
          "ground truth %s has %d lines for the %d images of %s; they must be the same number"
              .formatted(location, labels.length, images, dataSet));
    }
    return labels;
  }
}
