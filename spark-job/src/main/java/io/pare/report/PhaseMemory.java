package io.pare.report;

/**
 * The most resident memory that was seen in one phase, heap and native libraries together.
 *
 * @param driverBytes of the driver, 0 where it is not known
 * @param executorBytes of the largest executor, 0 where there is none beside the driver
 */
public record PhaseMemory(long driverBytes, long executorBytes) {
  /** Nothing seen yet. */
  public static final PhaseMemory NONE = new PhaseMemory(0, 0);

  /** The larger of both, each for itself. */
  public PhaseMemory max(PhaseMemory other) {
    return new PhaseMemory(
        Math.max(driverBytes, other.driverBytes), Math.max(executorBytes, other.executorBytes));
  }
}
