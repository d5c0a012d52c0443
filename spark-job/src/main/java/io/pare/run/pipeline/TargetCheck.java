package io.pare.run.pipeline;

import io.pare.algorithm.candidate.Mode;
import io.pare.config.JobConfig;
import io.pare.model.rewrite.ChannelFlow;
import io.pare.plan.LayerChoice;
import io.pare.plan.Reach;
import io.pare.plan.Target;
import io.pare.plan.UnreadFilters;
import io.pare.run.input.SourceNetwork;
import java.util.List;

/** Knows from shapes alone which targets no network can reach. Stateless. */
public final class TargetCheck {
  private TargetCheck() {}

  /**
   * Refuses targets that cannot be reached by a method, before anything is computed.
   *
   * @throws io.pare.InputException naming each; or where nothing can be compressed
   */
  public static void require(
      SourceNetwork source, JobConfig config, Mode mode, List<Target> targets) {
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
