package io.pare.report;

import com.fasterxml.jackson.annotation.JsonValue;
import io.pare.report.json.Missing;
import java.util.Optional;

/**
 * What became of one model of a zoo.
 *
 * @param name folder of its result below the output
 * @param model path of the network
 * @param target as configured
 * @param reached last stage that was reached; empty where the file could not be read
 * @param attempts that were made; 0 where the model was not got to
 * @param seconds on the wall clock, all attempts together
 * @param result as {@code --result-json} tells it of a single run
 */
public record ZooModel(
    String name,
    String model,
    String target,
    Optional<ZooStage> reached,
    int attempts,
    double seconds,
    RunResult result) {

  public ZooModel {
    Missing.refuse(name, model, target, result);
  }

  /** What became of a stage. */
  public enum Progress {
    /** It was reached in this run. */
    DONE("ok"),
    /** The result was there already. */
    UP_TO_DATE("kept"),
    /** It ended here. */
    FAILED("failed"),
    /** It ended here, for there is nothing to compress. */
    SKIPPED("skipped"),
    /** It ended before. */
    NOT_REACHED("-");

    private final String text;

    Progress(String text) {
      this.text = text;
    }

    /** The word in tables. */
    @JsonValue
    public String text() {
      return text;
    }
  }

  /** What became of a stage. */
  public Progress at(ZooStage stage) {
    return switch (result.status()) {
      case UP_TO_DATE -> Progress.UP_TO_DATE;
      case DONE -> Progress.DONE;
      case FAILED, STOPPED -> endedAt(stage, Progress.FAILED);
      case SKIPPED -> endedAt(stage, Progress.SKIPPED);
    };
  }

  private Progress endedAt(ZooStage stage, Progress how) {
    if (reached.filter(last -> stage.compareTo(last) <= 0).isPresent()) {
      return Progress.DONE;
    }
    boolean next = ZooStage.next(reached).filter(stage::equals).isPresent();
    return next ? how : Progress.NOT_REACHED;
  }

  /** Whether it has a result. */
  public boolean hasResult() {
    return result.after().isPresent();
  }

  /** Whether it ought to have a result and has none. */
  public boolean failed() {
    return result.status() == RunResult.Status.FAILED;
  }
}
