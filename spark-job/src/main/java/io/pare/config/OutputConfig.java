package io.pare.config;

import io.pare.io.publish.IfExists;
import io.pare.io.publish.ResultPublisher;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * Where the result goes.
 *
 * @param path Hadoop path of the directory to publish
 * @param ifExists what to do about a result that is already there
 * @param resume whether what earlier runs have finished is used
 * @param license of the network, an id, where it is not what the network's metadata says
 * @param baseModel the original on a hub, owner/name, likewise
 * @param lockTimeout seconds without a sign of life after which another run counts as dead, at
 *     least 3
 */
public record OutputConfig(
    String path,
    IfExists ifExists,
    boolean resume,
    Optional<String> license,
    Optional<String> baseModel,
    int lockTimeout) {
  private static final Pattern LICENSE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+-]*");
  private static final Pattern BASE_MODEL = Pattern.compile("[A-Za-z0-9][\\w.-]*/[\\w.-]+");

  /** Checks every range. */
  public OutputConfig {
    Problems problems = new Problems();
    problems.atLeast("lock-timeout", lockTimeout, 3);
    problems.throwIfAny();
  }

  static Optional<OutputConfig> of(Settings settings) {
    return settings.part(
        () ->
            new OutputConfig(
                settings.requiredPath("output"),
                settings.parsed("if-exists", text -> Constants.oneOf(IfExists.values(), text)),
                settings.parsed("resume", JobConfig::yes),
                settings.parsedIfSet(
                    "license", text -> matching(LICENSE, text, "an SPDX id such as apache-2.0")),
                settings.parsedIfSet(
                    "base-model", text -> matching(BASE_MODEL, text, "an id, OWNER/NAME")),
                settings.integer("lock-timeout")));
  }

  private static String matching(Pattern pattern, String text, String expected) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException("expected " + expected);
    }
    return text;
  }

  /** Both of these as the metadata of a network say them, where they are ids. */
  public static Map<String, String> ofMetadata(Map<String, String> metadata) {
    Map<String, String> found = new LinkedHashMap<>();
    Optional.ofNullable(metadata.get("license"))
        .filter(text -> LICENSE.matcher(text).matches())
        .ifPresent(text -> found.put("license", text));
    Optional.ofNullable(metadata.get("base_model"))
        .filter(text -> BASE_MODEL.matcher(text).matches())
        .ifPresent(text -> found.put("base-model", text));
    return found;
  }

  void describe(Map<String, String> effective) {
    effective.put("output", path);
    effective.put("if-exists", Constants.name(ifExists));
    effective.put("resume", resume ? "yes" : "no");
    effective.put("license", license.orElse(""));
    effective.put("base-model", baseModel.orElse(""));
    effective.put("lock-timeout", Integer.toString(lockTimeout));
  }

  /**
   * The publisher of one run.
   *
   * @param run its id
   */
  public ResultPublisher publisher(Configuration configuration, String run) {
    return new ResultPublisher(
        configuration,
        path,
        ifExists,
        new ResultPublisher.Run(run, Duration.ofSeconds(lockTimeout)));
  }
}
