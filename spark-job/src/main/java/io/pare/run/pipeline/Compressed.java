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
 * @param fitted the ONNX file as it was fitted, where {@code model} is another that learned
 */
@SuppressWarnings("ArrayRecordComponent")
public record Compressed(
    Mode mode,
    List<Target> targets,
    CompressionPlan plan,
    Map<String, LayerFit> fits,
    byte[] model,
    Optional<Recovery> recovery,
    Optional<byte[]> fitted) {

  /** The network before it learned again, where it did. */
  public Optional<Compressed> beforeRecovery() {
    return fitted.map(
        before -> new Compressed(mode, targets, plan, fits, before, recovery, Optional.empty()));
  }

  /** Whether it is a network before it learned again, which is there to compare with. */
  public boolean isBeforeRecovery() {
    return fitted.isEmpty() && recovery.flatMap(Recovery::model).isPresent();
  }

  /** The method, as tables name it. */
  public String method() {
    return Constants.name(mode) + (isBeforeRecovery() ? ", before recovery" : "");
  }

  /** The targets as they are configured. */
  public String targetText() {
    return new Goal(targets, List.of()).toString();
  }
}
