package io.pare.job;

import io.pare.InputException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Everything an evaluation can be told. Immutable.
 *
 * @param network the network and what it takes in
 * @param reading how images are read
 * @param validation what accuracy is measured on; its images are set
 */
public record EvaluationConfig(
    JobConfig.Network network, JobConfig.Reading reading, JobConfig.Validation validation) {

  /**
   * Reads the keys of an evaluation.
   *
   * @throws InputException with every problem
   */
  static EvaluationConfig of(Settings settings) {
    Optional<JobConfig.Network> network = JobConfig.Network.of(settings);
    Optional<JobConfig.Reading> reading = JobConfig.Reading.of(settings);
    JobConfig.Validation validation = JobConfig.Validation.of(settings);
    settings.required("validation");
    return settings.finish(
        () -> new EvaluationConfig(network.orElseThrow(), reading.orElseThrow(), validation));
  }

  /** Every key of an evaluation with its value. */
  public Map<String, String> effective() {
    Map<String, String> effective = new LinkedHashMap<>();
    network.describe(effective);
    reading.describe(effective);
    validation.describe(effective);
    return effective;
  }
}
