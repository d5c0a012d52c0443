package io.pare.report;

/**
 * How long a network takes for one batch.
 *
 * @param medianMillis median over the repetitions, in milliseconds, above 0
 * @param batch images in the batch, at least 1
 * @param threads of the runtime within an operator, at least 1
 */
public record MeasuredLatency(double medianMillis, int batch, int threads) {
  public MeasuredLatency {
    if (!(medianMillis > 0) || batch < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "a latency of %s ms with batch %d and %d threads"
              .formatted(medianMillis, batch, threads));
    }
  }
}
