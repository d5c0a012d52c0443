package io.pare.config;

import io.pare.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A file of {@code key = value} lines; a line that starts with {@code #} is a comment, and the
 * comment directly above a key describes it. A line that starts with {@code ##} heads the keys
 * below.
 *
 * @param source what messages call the file
 * @param entries keys in the file's order, possibly repeated
 */
public record ConfigFile(String source, List<Entry> entries) {
  private static final String DEFAULTS = "pare.conf";
  private static final String HEADING = "##";

  /**
   * One key of the file.
   *
   * @param line from 1
   * @param value empty if the key is not set
   * @param comment empty if no comment stands directly above the key
   * @param heading of the keys that it stands among; empty before the first
   */
  public record Entry(int line, String key, String value, String comment, String heading) {}

  public ConfigFile {
    entries = List.copyOf(entries);
  }

  /** Every key with its default: the file conf/pare.conf, as it was packed into the jar. */
  public static ConfigFile defaults() {
    try (InputStream in = ConfigFile.class.getResourceAsStream(DEFAULTS)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks the defaults, " + DEFAULTS);
      }
      Problems problems = new Problems();
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      ConfigFile file = parse(DEFAULTS, text, problems);
      problems.throwIfAny();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What an effective configuration sets otherwise than this file, in one line. */
  public String changed(Map<String, String> effective) {
    return entries.stream()
        .filter(entry -> effective.containsKey(entry.key()))
        .filter(entry -> !effective.get(entry.key()).equals(entry.value()))
        .map(entry -> entry.key() + " = " + effective.get(entry.key()))
        .collect(Collectors.joining("; "));
  }

  /**
   * A command line that sets what an effective configuration sets otherwise than this file, quoted
   * for a shell.
   */
  public String command(String command, Map<String, String> effective) {
    return entries.stream()
        .filter(entry -> effective.containsKey(entry.key()))
        .filter(entry -> !effective.get(entry.key()).equals(entry.value()))
        .map(entry -> "--" + entry.key() + " " + quoted(effective.get(entry.key())))
        .collect(Collectors.joining(" ", "pare " + command + " ", ""));
  }

  private static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /**
   * Reads a user's file.
   *
   * @throws InputException if it cannot be read; malformed lines are added to the problems
   */
  static ConfigFile read(Path path, Problems problems) {
    try {
      return parse(path.toString(), Files.readString(path), problems);
    } catch (IOException e) {
      throw InputException.usage(
          "configuration file " + path + " cannot be read as UTF-8 text (" + e + ")");
    }
  }

  static ConfigFile parse(String source, String text, Problems problems) {
    List<Entry> entries = new ArrayList<>();
    String comment = "";
    String heading = "";
    int number = 0;
    for (String raw : text.lines().toList()) {
      number++;
      String line = raw.strip();
      if (line.startsWith(HEADING)) {
        heading = line.substring(HEADING.length()).strip();
        continue;
      }
      if (line.startsWith("#")) {
        comment = line.substring(1).strip();
        continue;
      }
      int equals = line.indexOf('=');
      if (equals > 0) {
        String key = line.substring(0, equals).strip();
        entries.add(new Entry(number, key, line.substring(equals + 1).strip(), comment, heading));
      } else if (!line.isEmpty()) {
        problems.add(source + " line " + number + ": not of the form key = value: " + line);
      }
      comment = "";
    }
    return new ConfigFile(source, entries);
  }
}
