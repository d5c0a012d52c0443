package io.pare.config;

import io.pare.algorithm.learning.Extent;
import io.pare.algorithm.learning.StepRule;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the compressed network learns the original's outputs again, without labels.
 *
 * @param extent how long; empty: not at all
 * @param share largest part of the job's estimated work that steps which nobody asked for may take,
 *     from 0 to 0.95
 * @param temperature that class scores are divided by before they are compared, from 0.1 to 100
 * @param features weight of the feature maps at the start, from 0, without them, to 100
 * @param weightDecay as of {@link StepRule}
 * @param localSteps as of {@link StepRule}
 */
public record RecoveryConfig(
    Optional<Extent> extent,
    double share,
    double temperature,
    double features,
    double weightDecay,
    int localSteps) {
  private static final String REQUIREMENT =
      "must be no, auto, steps=N or minutes=N with N at least 1";
  private static final double LARGEST_SHARE = 0.95;
  private static final double COLDEST = 0.1;
  private static final double HOTTEST = 100;
  private static final double HEAVIEST = 100;

  public RecoveryConfig {
    Problems problems = new Problems();
    problems.within("recover-share", share, 0, LARGEST_SHARE);
    if (!(temperature >= COLDEST && temperature <= HOTTEST)) {
      problems.add("recover-temperature = " + temperature + ": must be from 0.1 to 100");
    }
    if (!(features >= 0 && features <= HEAVIEST)) {
      problems.add("recover-features = " + features + ": must be from 0 to 100");
    }
    problems.within("recover-weight-decay", weightDecay, 0, StepRule.LARGEST_DECAY);
    if (localSteps < 1 || localSteps > StepRule.MOST_LOCAL_STEPS) {
      problems.add(
          "recover-local-steps = %d: must be from 1 to %d"
              .formatted(localSteps, StepRule.MOST_LOCAL_STEPS));
    }
    problems.throwIfAny();
  }

  static Optional<RecoveryConfig> of(Settings settings) {
    Optional<Extent> extent = settings.parsed("recover", RecoveryConfig::parse);
    double share = settings.real("recover-share");
    double temperature = settings.real("recover-temperature");
    double features = settings.real("recover-features");
    double weightDecay = settings.real("recover-weight-decay");
    int localSteps = settings.integer("recover-local-steps");
    return settings.part(
        () -> new RecoveryConfig(extent, share, temperature, features, weightDecay, localSteps));
  }

  /** How gradients become steps. */
  public StepRule steps() {
    return new StepRule(weightDecay, localSteps);
  }

  private static Optional<Extent> parse(String text) {
    if (text.equals("no")) {
      return Optional.empty();
    }
    if (text.equals("auto")) {
      return Optional.of(new Extent.Automatic());
    }
    int equals = text.indexOf('=');
    try {
      int count = Integer.parseInt(text.substring(equals + 1));
      return switch (text.substring(0, Math.max(0, equals))) {
        case "steps" -> Optional.of(new Extent.Steps(count));
        case "minutes" -> Optional.of(new Extent.Minutes(count));
        default -> throw new IllegalArgumentException("neither steps nor minutes");
      };
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(REQUIREMENT, e);
    }
  }

  void describe(Map<String, String> effective) {
    effective.put("recover", extent.map(Extent::toString).orElse("no"));
    effective.put("recover-share", Double.toString(share));
    effective.put("recover-temperature", Double.toString(temperature));
    effective.put("recover-features", Double.toString(features));
    effective.put("recover-weight-decay", Double.toString(weightDecay));
    effective.put("recover-local-steps", Integer.toString(localSteps));
  }
}
