package io.pare.io.source;

import io.pare.InputException;
import io.pare.io.HadoopPaths;
import io.pare.io.block.ImageEntry;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/** Labels by image name: one {@code name,label} a line, a comma, tab or spaces between. */
final class LabelFile {
  /** The last separator counts: names may hold spaces and commas, labels may not. */
  private static final Pattern LINE =
      Pattern.compile("(.*[^\\s,])(?:\\s*,\\s*|\\s+)([^,\\s]+)\\s*");

  private final String location;
  private final Map<String, Integer> labels;

  private LabelFile(String location, Map<String, Integer> labels) {
    this.location = location;
    this.labels = labels;
  }

  /**
   * Reads and checks a file. A first line whose label is the word "label" is its heading.
   *
   * @throws InputException naming the first five lines that cannot be read, repeat a name, or name
   *     a class that is not there
   */
  static LabelFile read(String location, Optional<ClassNames> classes, Configuration configuration)
      throws IOException {
    List<String> lines = HadoopPaths.lines(location, "labels file", configuration);
    Map<String, Integer> labels = new HashMap<>();
    FirstFive malformed = new FirstFive();
    FirstFive repeated = new FirstFive();
    FirstFive unknown = new FirstFive();
    for (int i = 0; i < lines.size(); i++) {
      Matcher line = LINE.matcher(lines.get(i));
      String place = "line " + (i + 1);
      if (!line.matches()) {
        malformed.add(place);
      } else if (i > 0 || !line.group(2).toLowerCase(Locale.ROOT).equals("label")) {
        OptionalInt label = classIndex(line.group(2), classes);
        if (label.isEmpty()) {
          unknown.add(place + " (" + line.group(2) + ")");
        } else if (labels.putIfAbsent(line.group(1).strip(), label.getAsInt()) != null) {
          repeated.add(place + " (" + line.group(1).strip() + ")");
        }
      }
    }
    refuse(location, malformed, "lines are not \"name,label\"");
    refuse(location, unknown, "labels are no class" + range(classes));
    refuse(location, repeated, "lines repeat a name");
    return new LabelFile(location, labels);
  }

  private static void refuse(String location, FirstFive wrong, String what) {
    if (!wrong.isEmpty()) {
      throw InputException.data(
          "labels file %s: %d %s: %s".formatted(location, wrong.count(), what, wrong));
    }
  }

  private static String range(Optional<ClassNames> classes) {
    return classes
        .map(c -> " of the " + c.origin() + ", which has 0.." + (c.names().size() - 1))
        .orElse(" index, and there is no synset list to look names up in");
  }

  private static OptionalInt classIndex(String label, Optional<ClassNames> classes) {
    OptionalInt named = classes.map(c -> c.index(label)).orElse(OptionalInt.empty());
    if (named.isPresent() || !label.matches("\\d{1,9}")) {
      return named;
    }
    int index = Integer.parseInt(label);
    boolean inRange = classes.isEmpty() || index < classes.get().names().size();
    return inRange ? OptionalInt.of(index) : OptionalInt.empty();
  }

  /** The label of each image, found by its path in the data set, else by its file name. */
  int[] labels(String dataSet, List<ImageEntry> images) {
    int[] found = new int[images.size()];
    FirstFive missing = new FirstFive();
    for (int i = 0; i < found.length; i++) {
      ImageEntry image = images.get(i);
      Integer label = labels.get(image.name());
      if (label == null) {
        label = labels.get(image.fileName());
      }
      if (label == null) {
        missing.add(image.name());
      } else {
        found[i] = label;
      }
    }
    if (!missing.isEmpty()) {
      throw InputException.data(
          "%s: %d of %d images have no label in %s: %s"
              .formatted(dataSet, missing.count(), images.size(), location, missing));
    }
    return found;
  }
}
