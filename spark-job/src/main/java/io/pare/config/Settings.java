package io.pare.config;

import io.pare.InputException;
import io.pare.io.preprocessing.NearestName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The texts of all keys, defaults overlaid by a file and by the command line, and their conversion
 * to types. What is wrong is collected until {@link #finish}; the conversion then goes on with the
 * default.
 */
public final class Settings {
  private static final Pattern PASSWORD_IN_URI = Pattern.compile("^[^/@]+://[^/@]*:[^/]*@");

  private final Map<String, String> defaults;
  private final Map<String, String> values;
  private final Problems problems;

  private Settings(Map<String, String> defaults, Map<String, String> values, Problems problems) {
    this.defaults = defaults;
    this.values = values;
    this.problems = problems;
  }

  /**
   * Overlays the defaults.
   *
   * @param file a user's configuration file
   * @param commandLine values by key
   * @throws InputException if the file cannot be read
   */
  public static Settings of(Optional<Path> file, Map<String, String> commandLine) {
    Problems problems = new Problems();
    Map<String, String> defaults = new LinkedHashMap<>();
    ConfigFile.defaults().entries().forEach(entry -> defaults.put(entry.key(), entry.value()));
    Settings settings = new Settings(defaults, new LinkedHashMap<>(defaults), problems);
    file.ifPresent(path -> settings.overlay(ConfigFile.read(path, problems)));
    commandLine.forEach((key, value) -> settings.put("command line", key, value));
    return settings;
  }

  /** Sets a key that the command line gives in another way than by the option of its name. */
  public Settings with(String key, String value) {
    put("command line", key, value);
    return this;
  }

  /** Sets keys that stand at some other place, for messages. */
  public void overlay(String place, Map<String, String> entries) {
    entries.forEach((key, value) -> put(place, key, value));
  }

  private void overlay(ConfigFile file) {
    Set<String> seen = new HashSet<>();
    for (ConfigFile.Entry entry : file.entries()) {
      String place = file.source() + " line " + entry.line();
      if (!seen.add(entry.key())) {
        problems.add(place + ": " + entry.key() + " is set a second time");
      }
      put(place, entry.key(), entry.value());
    }
  }

  private void put(String place, String key, String value) {
    if (defaults.containsKey(key)) {
      values.put(key, value.strip());
    } else {
      String nearest = NearestName.of(key, defaults.keySet());
      problems.add(place + ": unknown key " + key + ", did you mean " + nearest + "?");
    }
  }

  /**
   * Ends the reading of a configuration.
   *
   * @param whole puts the parts together; called only if none had a problem
   * @throws InputException with every problem that was found
   */
  public <T> T finish(Supplier<T> whole) {
    try {
      problems.throwIfAny();
    } catch (Problems.Found found) {
      throw InputException.usage(found.getMessage());
    }
    return whole.get();
  }

  /** A text that has to be set. */
  String required(String key) {
    String text = text(key);
    if (text.isEmpty()) {
      problems.add(key + " is not set: give --" + key + ", or " + key + " in the file of --config");
    }
    return text;
  }

  /** A Hadoop path that has to be set and holds no password, because it is logged and published. */
  public String requiredPath(String key) {
    String path = required(key);
    refusePassword(key, path);
    return path;
  }

  /** As {@link #requiredPath}, for a key that need not be set. */
  Optional<String> optionalPath(String key) {
    Optional<String> path = optional(key);
    path.ifPresent(text -> refusePassword(key, text));
    return path;
  }

  private void refusePassword(String key, String path) {
    if (PASSWORD_IN_URI.matcher(path).find()) {
      problems.add(key + " holds a password: leave it to the credential provider of the cluster");
    }
  }

  Optional<String> optional(String key) {
    return Optional.of(text(key)).filter(text -> !text.isEmpty());
  }

  /** The parts between commas that are not blank. */
  static List<String> split(String text) {
    return Stream.of(text.split(",", -1))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  int integer(String key) {
    return convert(key, "must be an integer of at most 32 bits", Integer::valueOf);
  }

  long longInteger(String key) {
    return convert(key, "must be an integer of at most 64 bits", Long::valueOf);
  }

  /** A time of at least a second. */
  Duration seconds(String key) {
    return parsed(
        key,
        text -> {
          if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("must be a number of seconds, at least 1");
          }
          return Duration.ofSeconds(Long.parseLong(text));
        });
  }

  double real(String key) {
    return convert(key, "must be a number", Double::valueOf);
  }

  /** A value whose conversion explains itself in its IllegalArgumentException. */
  <T> T parsed(String key, Function<String, T> conversion) {
    try {
      return conversion.apply(text(key));
    } catch (IllegalArgumentException e) {
      problems.add(key + " = " + text(key) + ": " + e.getMessage());
      return conversion.apply(defaults.get(key));
    }
  }

  /** As {@link #parsed}, for a key that need not be set. */
  <T> Optional<T> parsedIfSet(String key, Function<String, T> conversion) {
    try {
      return optional(key).map(conversion);
    } catch (IllegalArgumentException e) {
      problems.add(key + " = " + text(key) + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  /** A part of the configuration whose own problems join the others. */
  <T> Optional<T> part(Supplier<T> constructor) {
    try {
      return Optional.of(constructor.get());
    } catch (Problems.Found found) {
      found.messages().forEach(problems::add);
      return Optional.empty();
    }
  }

  private <T> T convert(String key, String requirement, Function<String, T> conversion) {
    try {
      return conversion.apply(text(key));
    } catch (NumberFormatException e) {
      problems.add(key + " = " + text(key) + ": " + requirement);
      return conversion.apply(defaults.get(key));
    }
  }

  private String text(String key) {
    String text = values.get(key);
    if (text == null) {
      throw new IllegalArgumentException("conf/pare.conf has no key " + key);
    }
    return text;
  }
}
