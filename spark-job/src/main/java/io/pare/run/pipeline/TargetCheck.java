package io.pare.run.pipeline;

import io.pare.InputException;
import io.pare.algorithm.candidate.Mode;
import io.pare.algorithm.statistics.OutputLayout;
import io.pare.config.JobConfig;
import io.pare.model.quantization.Precision;
import io.pare.model.rewrite.ChannelFlow;
import io.pare.plan.AccuracyLimit;
import io.pare.plan.LayerChoice;
import io.pare.plan.Reach;
import io.pare.plan.Target;
import io.pare.plan.UnreadFilters;
import io.pare.run.input.SourceNetwork;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Knows from shapes alone which targets no network can reach, and which ask for no other structure.
 * Stateless.
 */
public final class TargetCheck {
  private TargetCheck() {}

  /** Refuses a limit on what the network does not put out. */
  private static void require(SourceNetwork source, AccuracyLimit limit) {
    List<OutputLayout> outputs = source.outputs().layouts();
    String needed =
        switch (limit.kind()) {
          case MAX_TOP1_DROP ->
              outputs.stream().anyMatch(OutputLayout::isClassifier) ? "" : "a vector of scores";
          case MAX_KL -> outputs.stream().anyMatch(OutputLayout::isScores) ? "" : "scores";
          case MAX_OUTPUT_ERROR ->
              outputs.stream().allMatch(OutputLayout::isScores) ? "values" : "";
        };
    if (!needed.isEmpty()) {
      throw InputException.usage(
          "%s limits outputs that are %s, but those of %s are %s: set another limit, or say what the outputs are with outputs"
              .formatted(limit.kind().label(), needed, source.name(), source.outputs()));
    }
  }

  /**
   * Whether the network holds targets in the precision that it is written in, no layer changed: the
   * plan would keep every layer then, whatever they could become.
   *
   * @param targets of any network that is planned
   */
  static boolean holdAsItIs(SourceNetwork source, JobConfig config, List<Target> targets) {
    boolean ofBytes =
        !targets.isEmpty()
            && targets.stream().allMatch(target -> target.metric() == Target.Metric.BYTES);
    boolean free =
        config.planning().goal().limits().isEmpty()
            && config.planning().rules().rules().stream().allMatch(rule -> rule.ratio().isEmpty());
    if (config.precision() == Precision.FP32 || !ofBytes || !free) {
      return false;
    }
    DraftCosts drafts =
        new DraftCosts(
            source,
            LayerChoice.of(source.layers(), config.planning().rules()).pinned(),
            WrittenNetwork.metadata(source, config),
            config.precision());
    long[] original = drafts.ofOriginal(targets);
    long[] costs = drafts.unchanged(targets);
    return IntStream.range(0, costs.length)
        .allMatch(k -> costs[k] <= Math.floor(original[k] / targets.get(k).factor()));
  }

  /**
   * Refuses targets that cannot be reached by a method, before anything is computed.
   *
   * @throws io.pare.InputException naming each; or where nothing can be compressed, or a limit is
   *     set on what the network does not put out
   */
  public static void require(
      SourceNetwork source, JobConfig config, Mode mode, List<Target> targets) {
    config.planning().goal().limits().forEach(limit -> require(source, limit));
    LayerChoice choice = LayerChoice.of(source.layers(), config.planning().rules());
    UnreadFilters unread =
        new UnreadFilters(
            ChannelFlow.of(source.folded(), source.layers(), source.shapes(), choice.pinned()),
            source.layers().compressible());
    new Reach(
            choice.free(),
            unread,
            config.planning().rules(),
            config.solver().familiesOf(mode),
            config.precision().bytesPerWeight(source.bytesPerWeight()))
        .require(
            targets,
            DraftCosts.costs(targets, source.layers().total(), source::fileBytes, () -> 0));
  }
}
