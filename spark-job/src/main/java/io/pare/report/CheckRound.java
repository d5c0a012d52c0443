package io.pare.report;

import io.pare.report.json.Missing;
import java.util.Optional;

/**
 * One round of checking the written network against a limit; where the limit is missed, the next
 * round has a milder target.
 *
 * @param round from 1
 * @param target that the network was planned for
 * @param measure what is limited, for people: {@code top-1 loss in points}
 * @param limit the most that is allowed
 * @param predicted what the plan expected, none where it expects nothing of this measure
 * @param measured on the written network
 */
public record CheckRound(
    int round,
    String target,
    String measure,
    double limit,
    Optional<Double> predicted,
    double measured) {

  public CheckRound {
    Missing.refuse(target, measure);
    predicted = Missing.unlessFinite(predicted);
  }

  /** Whether the limit was kept. */
  public boolean passed() {
    return measured <= limit;
  }
}
