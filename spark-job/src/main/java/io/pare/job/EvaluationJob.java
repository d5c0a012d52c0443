package io.pare.job;

/** Measures a network's accuracy on labelled images. */
final class EvaluationJob {
  private final EvaluationConfig config;

  EvaluationJob(EvaluationConfig config) {
    this.config = config;
  }

  /** Runs the measurement. */
  @SuppressWarnings("DoNotCallSuggester")
  void run() {
    throw new UnsupportedOperationException("evaluation of " + config.network().model());
  }
}
