package io.pare.config;

import java.util.Optional;

/**
 * Everything a comparison of two networks can be told. Immutable.
 *
 * @param network the first, and what both take in
 * @param second Hadoop path of the other
 * @param reading how images are read
 * @param images Hadoop path of the images that outputs are compared on
 */
public record DiffConfig(
    JobConfig.Network network, String second, JobConfig.Reading reading, Optional<String> images) {

  /**
   * Reads the keys of a comparison.
   *
   * @param settings with the first network as the model
   * @throws io.pare.InputException with every problem
   */
  public static DiffConfig of(Settings settings, String second) {
    Optional<JobConfig.Network> network = JobConfig.Network.of(settings);
    Optional<JobConfig.Reading> reading = JobConfig.Reading.of(settings);
    Optional<String> images = settings.optionalPath("images");
    return settings.finish(
        () -> new DiffConfig(network.orElseThrow(), second, reading.orElseThrow(), images));
  }

  /** The second network with what both take in. */
  public JobConfig.Network secondNetwork() {
    return network.like(second);
  }
}
