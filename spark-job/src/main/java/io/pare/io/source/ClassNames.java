package io.pare.io.source;

import io.pare.InputException;
import io.pare.io.HadoopPaths;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/** The classes of a data set in the order of the network's outputs. */
final class ClassNames {
  /** Nobody has named any. */
  static final ClassNames UNKNOWN = new ClassNames("nobody", List.of());

  /** A WordNet synset at the head of a line, with its words behind it. */
  private static final Pattern SYNSET = Pattern.compile("(n\\d{8})(?:[\\s,].*)?");

  private static final String FOLDERS = "the folders of ";

  private final String origin;
  private final List<String> names;
  private final Map<String, Integer> indices = new HashMap<>();

  private ClassNames(String origin, List<String> names) {
    this.origin = origin;
    this.names = List.copyOf(names);
    for (int i = 0; i < names.size(); i++) {
      indices.putIfAbsent(names.get(i), i);
    }
  }

  /** The synset list of the options; unknown where there is none. */
  static ClassNames listed(SourceOptions options, Configuration configuration) throws IOException {
    return options.synsets().isPresent() ? read(options.synsets().get(), configuration) : UNKNOWN;
  }

  /** The sorted names of class folders. */
  static ClassNames ofFolders(String location, Iterable<String> sorted) {
    List<String> names = new ArrayList<>();
    sorted.forEach(names::add);
    return new ClassNames(FOLDERS + location, names);
  }

  /** Whether they are the names of class folders, which say nothing of classes without a folder. */
  boolean isOfFolders() {
    return origin.startsWith(FOLDERS);
  }

  /**
   * A synset list: one class a line, line 1 = class 0.
   *
   * @throws InputException for an empty list, an empty line or a class named twice
   */
  static ClassNames read(String location, Configuration configuration) throws IOException {
    List<String> names = new ArrayList<>();
    for (String line : HadoopPaths.lines(location, "synset list", configuration)) {
      String name = line.strip();
      Matcher synset = SYNSET.matcher(name);
      names.add(synset.matches() ? synset.group(1) : name);
    }
    ClassNames classes = new ClassNames("synset list " + location, names);
    if (names.isEmpty()) {
      throw InputException.data("synset list " + location + " is empty; one class a line");
    }
    FirstFive wrong = new FirstFive();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).isEmpty()) {
        wrong.add("line " + (i + 1) + " is empty");
      } else if (classes.indices.get(names.get(i)) < i) {
        wrong.add("line %d repeats %s".formatted(i + 1, names.get(i)));
      }
    }
    if (!wrong.isEmpty()) {
      throw InputException.data(
          "synset list %s: %s; line 1 is class 0, so each line counts".formatted(location, wrong));
    }
    return classes;
  }

  List<String> names() {
    return names;
  }

  /** Where the names come from, for messages. */
  String origin() {
    return origin;
  }

  OptionalInt index(String name) {
    Integer index = indices.get(name);
    return index == null ? OptionalInt.empty() : OptionalInt.of(index);
  }
}
