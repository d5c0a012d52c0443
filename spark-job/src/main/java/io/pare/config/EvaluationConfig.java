package io.pare.config;

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
 * @param reference Hadoop path of the network that it is compared to, which takes the same input
 * @param resultJson Hadoop path of the file that the result is written to
 */
public record EvaluationConfig(
    JobConfig.Network network,
    JobConfig.Reading reading,
    JobConfig.Validation validation,
    Optional<String> reference,
    Optional<String> resultJson) {

  /**
   * Reads the keys of an evaluation.
   *
   * @throws InputException with every problem
   */
  public static EvaluationConfig of(
      Settings settings, Optional<String> reference, Optional<String> resultJson) {
    Optional<JobConfig.Network> network = JobConfig.Network.of(settings);
    Optional<JobConfig.Reading> reading = JobConfig.Reading.of(settings);
    JobConfig.Validation validation = JobConfig.Validation.of(settings);
    settings.required("validation");
    return settings.finish(
        () ->
            new EvaluationConfig(
                network.orElseThrow(), reading.orElseThrow(), validation, reference, resultJson));
  }

  /** The reference with what the network takes in. */
  public Optional<JobConfig.Network> referenceNetwork() {
    return reference.map(network::like);
  }

  /** Every key of an evaluation with its value. */
  public Map<String, String> effective() {
    Map<String, String> effective = new LinkedHashMap<>();
    network.describe(effective);
    reading.describe(effective);
    validation.describe(effective);
    effective.put("reference", reference.orElse(""));
    effective.put("result-json", resultJson.orElse(""));
    return effective;
  }
}
