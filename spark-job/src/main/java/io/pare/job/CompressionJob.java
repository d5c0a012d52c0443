package io.pare.job;

/** One compression, from a network and images to a published result. */
final class CompressionJob {
  private final JobConfig config;

  CompressionJob(JobConfig config) {
    this.config = config;
  }

  /** Runs the pipeline. */
  @SuppressWarnings("DoNotCallSuggester")
  void run() {
    throw new UnsupportedOperationException("compression of " + config.network().model());
  }
}
