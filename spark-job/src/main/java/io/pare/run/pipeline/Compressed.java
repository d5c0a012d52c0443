package io.pare.run.pipeline;

import io.pare.algorithm.candidate.Mode;
import io.pare.config.Constants;
import io.pare.plan.CompressionPlan;
import io.pare.plan.Goal;
import io.pare.plan.Target;
import io.pare.stage.layers.LayerFit;
import io.pare.stage.recovery.Recovery;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network as it would be published.
 *
 * @param mode that it was made by
 * @param targets that it was planned for
 * @param plan what became of each layer
 * @param fits by layer name
 * @param model the ONNX file
 * @param recovery how it learned again, where that was asked for
 * @param quantization how it was put into eight bits, where that was asked for
 * @param earlier what it was on the way there
 * @param state of a network that was on the way to another; empty for that other
 */
@SuppressWarnings("ArrayRecordComponent")
public record Compressed(
    Mode mode,
    List<Target> targets,
    CompressionPlan plan,
    Map<String, LayerFit> fits,
    byte[] model,
    Optional<Recovery> recovery,
    Optional<Quantization> quantization,
    List<Earlier> earlier,
    String state) {

  /**
   * A network on the way to another.
   *
   * @param state in words, as tables name it
   * @param model the ONNX file
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Earlier(String state, byte[] model) {}

  /** The networks on the way to this one, which are there to compare with. */
  public List<Compressed> onTheWay() {
    return earlier.stream()
        .map(
            each ->
                new Compressed(
                    mode,
                    targets,
                    plan,
                    fits,
                    each.model(),
                    recovery,
                    Optional.empty(),
                    List.of(),
                    each.state()))
        .toList();
  }

  /** Whether it is a network on the way to another. */
  public boolean isOnTheWay() {
    return !state.isEmpty();
  }

  /** The method, as tables name it. */
  public String method() {
    return Constants.name(mode) + (isOnTheWay() ? ", " + state : "");
  }

  /** The targets as they are configured. */
  public String targetText() {
    return new Goal(targets, List.of()).toString();
  }
}
