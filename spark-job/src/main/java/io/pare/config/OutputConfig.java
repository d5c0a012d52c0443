package io.pare.config;

import io.pare.io.publish.IfExists;
import io.pare.io.publish.ResultPublisher;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Where the result goes.
 *
 * @param path Hadoop path of the directory to publish
 * @param ifExists what to do about a result that is already there
 * @param resume whether what earlier runs have finished is used
 * @param lockTimeout seconds without a sign of life after which another run counts as dead, at
 *     least 3
 */
public record OutputConfig(String path, IfExists ifExists, boolean resume, int lockTimeout) {

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
                settings.integer("lock-timeout")));
  }

  void describe(Map<String, String> effective) {
    effective.put("output", path);
    effective.put("if-exists", Constants.name(ifExists));
    effective.put("resume", resume ? "yes" : "no");
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
