package io.pare.model.output;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is said of outputs, whatever the graph tells of them.
 *
 * @param rules by output
 */
public record OutputRules(Map<String, Rule> rules) {
  /** Nothing is said. */
  public static final OutputRules NONE = new OutputRules(Map.of());

  private static final String FORM =
      "each part must be NAME=values, NAME=scores:AXIS or NAME=none, such as boxes=values";
  private static final String SCORES = "scores:";

  /**
   * What an output is.
   *
   * @param kind of what it holds
   * @param axis of the classes, among the output's dimensions; negative ones count from the last;
   *     for scores alone
   */
  public record Rule(Kind kind, int axis) {

    private static Rule parse(String text) {
      if (text.startsWith(SCORES)) {
        try {
          return new Rule(Kind.SCORES, Integer.parseInt(text.substring(SCORES.length()).strip()));
        } catch (NumberFormatException e) {
          throw new IllegalArgumentException(FORM, e);
        }
      }
      return switch (text) {
        case "values" -> new Rule(Kind.VALUES, 0);
        case "none" -> new Rule(Kind.NONE, 0);
        default -> throw new IllegalArgumentException(FORM);
      };
    }

    @Override
    public String toString() {
      return switch (kind) {
        case SCORES -> SCORES + axis;
        case VALUES -> "values";
        case NONE -> "none";
      };
    }
  }

  /** What an output can be said to be. */
  public enum Kind {
    /** Scores of classes. */
    SCORES,
    /** Values to be met. */
    VALUES,
    /** Nothing that is compared. */
    NONE
  }

  public OutputRules {
    rules = new LinkedHashMap<>(rules);
  }

  /**
   * Reads {@code NAME=scores:AXIS,NAME=values,NAME=none}.
   *
   * @throws IllegalArgumentException with the reason, if the text says nothing of the kind
   */
  public static OutputRules parse(String text) {
    Map<String, Rule> rules = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.lastIndexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(FORM);
      }
      Rule rule = Rule.parse(part.substring(equals + 1).strip());
      if (rules.put(part.substring(0, equals).strip(), rule) != null) {
        throw new IllegalArgumentException("no output can be two things");
      }
    }
    return new OutputRules(rules);
  }

  Optional<Rule> of(String output) {
    return Optional.ofNullable(rules.get(output));
  }

  @Override
  public String toString() {
    return rules.entrySet().stream()
        .map(rule -> rule.getKey() + "=" + rule.getValue())
        .collect(Collectors.joining(","));
  }
}
