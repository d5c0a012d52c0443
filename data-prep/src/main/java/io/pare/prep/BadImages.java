package io.pare.prep;

import io.pare.io.image.BadImageException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts images that give no pixels, by reason, and keeps the names of the first of each. */
final class BadImages implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Names kept for each reason: enough to find what is wrong, whatever the size of the data. */
  static final int NAMES_KEPT = 100;

  private final TreeMap<String, Long> counts = new TreeMap<>();
  private final TreeMap<String, ArrayList<String>> names = new TreeMap<>();

  void add(String name, BadImageException reason) {
    String words = reason.reason().words();
    counts.merge(words, 1L, Long::sum);
    keep(words, name);
  }

  /** Takes over what another part of the data set, behind this one, has counted. */
  void addAll(BadImages later) {
    later.counts.forEach((reason, count) -> counts.merge(reason, count, Long::sum));
    later.names.forEach((reason, list) -> list.forEach(name -> keep(reason, name)));
  }

  private void keep(String reason, String name) {
    List<String> kept = names.computeIfAbsent(reason, unused -> new ArrayList<>());
    if (kept.size() < NAMES_KEPT) {
      kept.add(name);
    }
  }

  long count() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Number of bad images by reason. */
  Map<String, Long> counts() {
    return counts;
  }

  /** The first names for a reason, in the order of the data set. */
  List<String> names(String reason) {
    return names.getOrDefault(reason, new ArrayList<>());
  }

  /** The first {@code limit} names with their reasons, on one line. */
  String first(int limit) {
    List<String> all = new ArrayList<>();
    names.forEach((reason, list) -> list.forEach(name -> all.add(name + " (" + reason + ")")));
    String line = String.join(", ", all.subList(0, Math.min(limit, all.size())));
    return count() > limit ? line + " and " + (count() - limit) + " more" : line;
  }
}
