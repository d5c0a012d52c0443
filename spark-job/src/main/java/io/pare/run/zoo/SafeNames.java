package io.pare.run.zoo;

import io.pare.InputException;
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
   * @throws InputException with all that are empty, too long or the same, upper and lower case not
   *     told apart
   */
  static List<ZooEntry> of(List<ZooEntry> entries) {
    Map<String, ZooEntry> taken = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    List<ZooEntry> safe = new ArrayList<>();
    for (ZooEntry entry : entries) {
      String name =
          entry.name().replaceAll("[^A-Za-z0-9._-]+", "-").replaceFirst("^[^A-Za-z0-9]+", "");
      if (name.isEmpty() || name.length() > LONGEST) {
        problems.add(
            "%s: the name \"%s\" must have a letter or digit of a to z, 0 to 9, and at most %d characters"
                .formatted(entry.place(), entry.name(), LONGEST));
        continue;
      }
      ZooEntry other = taken.putIfAbsent(name.toLowerCase(Locale.ROOT), entry);
      if (other != null) {
        problems.add(
            "%s and %s would both be published as %s"
                .formatted(described(other), described(entry), name));
      }
      safe.add(new ZooEntry(entry.place(), name, entry.keys(), entry.sha256()));
    }
    if (!problems.isEmpty()) {
      throw InputException.usage(
          String.join("; ", problems) + "; give each model a name of its own");
    }
    return List.copyOf(safe);
  }

  private static String described(ZooEntry entry) {
    return entry.keys().getOrDefault(ZooEntry.MODEL, entry.name()) + " (" + entry.place() + ")";
  }
}
