package io.pare.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How far a model of a zoo has got, in order; each is reached at the end of one phase of its run.
 */
public enum ZooStage {
  /** Its file is there. */
  READ("read"),
  /** It is a network that can be worked on. */
  VALIDATED("validate"),
  /** Its layers have been sampled. */
  EXTRACTED("gather"),
  /** What its layers can become, and what that costs, is known. */
  SOLVED("sensitivity"),
  /** The compressed network is made. */
  WRITTEN("refit"),
  /** It has been measured. */
  EVALUATED("evaluate"),
  /** The result is in its place. */
  PUBLISHED("publish");

  private final String phase;

  ZooStage(String phase) {
    this.phase = phase;
  }

  /** The word in files and tables. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The stage that is reached at the end of a phase, if it is one that ends a stage. */
  public static Optional<ZooStage> endOf(String phase) {
    return Arrays.stream(values()).filter(stage -> stage.phase.equals(phase)).findFirst();
  }

  /** The stage that follows the last one that was reached; the first where there is none. */
  static Optional<ZooStage> next(Optional<ZooStage> last) {
    return Arrays.stream(values())
        .filter(stage -> last.filter(reached -> stage.compareTo(reached) <= 0).isEmpty())
        .findFirst();
  }
}
