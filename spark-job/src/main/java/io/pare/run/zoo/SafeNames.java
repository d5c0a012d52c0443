package io.pare.run.zoo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Names of models as names of folders. What a list or a path says is data: of it only letters,
 * digits, dots, dashes and underscores are left, none but letters and digits in front, so that no
 * name leads out of the output, hides its folder or hides what runs keep beside it.
 */
final class SafeNames {
  private static final int LONGEST = 120;

  private SafeNames() {}

  /**
   * The entries under safe names.
   *
   * @param problems takes all that are empty, too long or the same, upper and lower case not told
   *     apart
   */
  static List<ZooEntry> of(List<ZooEntry> entries, List<String> problems) {
    Map<String, ZooEntry> taken = new LinkedHashMap<>();
    List<ZooEntry> safe = new ArrayList<>();
    for (ZooEntry entry : entries) {
      String name =
          entry.name().replaceAll("[^A-Za-z0-9._-]+", "-").replaceFirst("^[^A-Za-z0-9]+", "");
      if (name.isEmpty() || name.length() > LONGEST) {
        problems.add(
            "%s: the name \"%s\" must have a letter or digit of a to z, 0 to 9, and at most %d characters; give the model another"
                .formatted(entry.place(), entry.name(), LONGEST));
        continue;
      }
      ZooEntry other = taken.putIfAbsent(name.toLowerCase(Locale.ROOT), entry);
      if (other != null) {
        problems.add(
            "%s and %s would both be published as %s; give each model a name of its own"
                .formatted(described(other), described(entry), name));
      }
      safe.add(new ZooEntry(entry.place(), name, entry.keys(), entry.sha256()));
    }
    return List.copyOf(safe);
  }

  private static String described(ZooEntry entry) {
    return entry.keys().getOrDefault(ZooEntry.MODEL, entry.name()) + " (" + entry.place() + ")";
  }
}
