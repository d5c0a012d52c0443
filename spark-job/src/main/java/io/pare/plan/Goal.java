package io.pare.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a compression has to reach: sizes, limits of what accuracy it may cost, or both. Limits
 * alone ask for the fewest weights that keep them.
 *
 * @param targets at most one for each metric
 * @param limits at most one of each kind; together with the targets at least one
 */
public record Goal(List<Target> targets, List<AccuracyLimit> limits) {

  /** Refuses a goal without any part, and two parts of one name. */
  public Goal {
    targets = List.copyOf(targets);
    limits = List.copyOf(limits);
    Set<Object> seen = new HashSet<>();
    Stream.concat(
            targets.stream().map(target -> target.metric().label()),
            limits.stream().map(limit -> limit.kind().label()))
        .filter(name -> !seen.add(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException("names " + name + " twice");
            });
    if (seen.isEmpty()) {
      throw new IllegalArgumentException("must hold at least one part, such as params=2.0");
    }
  }

  /**
   * Reads parts joined by commas, such as {@code params=2.0,max-kl=0.1}.
   *
   * @throws IllegalArgumentException with the reason, if the text is no goal
   */
  public static Goal parse(String text) {
    List<Target> targets = new ArrayList<>();
    List<AccuracyLimit> limits = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String[] sides = part.split("=", -1);
      if (sides.length != 2) {
        throw new IllegalArgumentException(
            "must be METRIC=FACTOR parts joined by commas, such as params=2.0,max-kl=0.1");
      }
      String name = sides[0].strip();
      Optional<AccuracyLimit.Kind> kind = AccuracyLimit.kind(name);
      if (kind.isPresent()) {
        limits.add(new AccuracyLimit(kind.get(), number(name, sides[1])));
      } else {
        targets.add(new Target(Target.metric(name), number(name, sides[1])));
      }
    }
    return new Goal(targets, limits);
  }

  private static double number(String name, String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a number", e);
    }
  }

  @Override
  public String toString() {
    return Stream.concat(targets.stream(), limits.stream())
        .map(Object::toString)
        .collect(Collectors.joining(","));
  }
}
