package io.pare.config;

import io.pare.plan.AccuracyLimit;
import io.pare.plan.Goal;
import io.pare.plan.LayerRules;
import io.pare.plan.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The problem of the whole network.
 *
 * @param goal what to reach
 * @param rules for single layers
 * @param refuseSlower whether structures that are measured to be slower than the layer are left out
 * @param sensitivityImages calibration images that sensitivity is measured on, at least 1
 * @param rounds networks that are written and measured at most to keep a limit, at least 1
 */
public record PlanningConfig(
    Goal goal, LayerRules rules, boolean refuseSlower, int sensitivityImages, int rounds) {

  /** Checks every range. */
  public PlanningConfig {
    Problems problems = new Problems();
    problems.atLeast("sensitivity-images", sensitivityImages, 1);
    problems.atLeast("rounds", rounds, 1);
    problems.throwIfAny();
  }

  /** Whether there is a limit of that kind. */
  boolean limits(AccuracyLimit.Kind kind) {
    return goal.limits().stream().anyMatch(limit -> limit.kind() == kind);
  }

  /** Whether layers have to be timed to plan for some targets. */
  public boolean needsTimes(List<Target> targets) {
    return refuseSlower || targets.stream().anyMatch(t -> t.metric() == Target.Metric.LATENCY);
  }

  public static Optional<PlanningConfig> of(Settings settings) {
    return settings.part(
        () ->
            new PlanningConfig(
                settings.parsed("target", Goal::parse),
                settings.parsed("layers", LayerRules::parse),
                settings.parsed("refuse-slower", JobConfig::yes),
                settings.integer("sensitivity-images"),
                settings.integer("rounds")));
  }

  void describe(Map<String, String> effective) {
    effective.put("target", goal.toString());
    effective.put(
        "layers",
        rules.rules().stream().map(LayerRules.Rule::toString).collect(Collectors.joining(",")));
    effective.put("refuse-slower", refuseSlower ? "yes" : "no");
    effective.put("sensitivity-images", Integer.toString(sensitivityImages));
    effective.put("rounds", Integer.toString(rounds));
  }
}
