package io.pare.plan;

import io.pare.InputException;
import io.pare.algorithm.candidate.Family;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What single layers must become, whatever the plan would choose: rules for layers whose names
 * match a pattern. Where several rules of a kind match, the last one holds.
 *
 * @param rules in the order given
 */
public record LayerRules(List<Rule> rules) {

  /**
   * One rule.
   *
   * @param pattern of names, {@code *} for any characters
   * @param keep whether the layers stay as they are
   * @param ratio how many times fewer weights the layers must have, at least 1
   * @param families that the layers are limited to; empty: no limit
   */
  public record Rule(String pattern, boolean keep, OptionalDouble ratio, Set<Family> families) {

    boolean matches(Layer layer) {
      String expression =
          Arrays.stream(pattern.split("\\*", -1))
              .map(Pattern::quote)
              .collect(Collectors.joining(".*"));
      return Pattern.matches(expression, layer.name());
    }

    /** Reads {@code keep@PATTERN}, {@code ratio=R@PATTERN} or {@code forms=F+F@PATTERN}. */
    static Rule parse(String text) {
      int at = text.indexOf('@');
      if (at < 1 || at == text.length() - 1) {
        throw new IllegalArgumentException(
            "each rule must be keep@NAME, ratio=R@NAME or forms=FORM+FORM@NAME, with * for any characters in NAME");
      }
      String what = text.substring(0, at).strip();
      String pattern = text.substring(at + 1).strip();
      if (what.equals("keep")) {
        return new Rule(pattern, true, OptionalDouble.empty(), Set.of());
      }
      if (what.startsWith("ratio=")) {
        return new Rule(pattern, false, OptionalDouble.of(ratio(what.substring(6))), Set.of());
      }
      if (what.startsWith("forms=")) {
        return new Rule(pattern, false, OptionalDouble.empty(), families(what.substring(6)));
      }
      throw new IllegalArgumentException("knows keep, ratio=R and forms=FORM+FORM, not " + what);
    }

    private static double ratio(String text) {
      try {
        double ratio = Double.parseDouble(text);
        if (ratio >= 1 && Double.isFinite(ratio)) {
          return ratio;
        }
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("ratio must be a number of at least 1", e);
      }
      throw new IllegalArgumentException("ratio must be a number of at least 1");
    }

    private static Set<Family> families(String text) {
      Set<Family> families = EnumSet.noneOf(Family.class);
      for (String name : text.split("\\+", -1)) {
        families.add(family(name));
      }
      return families;
    }

    private static Family family(String name) {
      try {
        return Family.ofOption(name);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("forms: " + e.getMessage(), e);
      }
    }

    @Override
    public String toString() {
      if (keep) {
        return "keep@" + pattern;
      }
      return ratio.isPresent()
          ? "ratio=" + ratio.getAsDouble() + "@" + pattern
          : "forms="
              + families.stream().sorted().map(Family::option).collect(Collectors.joining("+"))
              + "@"
              + pattern;
    }
  }

  /** Copies the list. */
  public LayerRules {
    rules = List.copyOf(rules);
  }

  /** Reads rules joined by commas; none where the text is empty. */
  public static LayerRules parse(String text) {
    List<Rule> rules = new ArrayList<>();
    if (!text.isBlank()) {
      for (String part : text.split(",", -1)) {
        rules.add(Rule.parse(part.strip()));
      }
    }
    return new LayerRules(rules);
  }

  /**
   * Refuses rules that no layer matches.
   *
   * @throws InputException naming the first
   */
  public void requireMatches(NetworkLayers layers) {
    for (Rule rule : rules) {
      if (layers.compressible().stream().noneMatch(rule::matches)) {
        throw InputException.usage(
            "layers: no compressible layer is named "
                + rule.pattern()
                + "; pare inspect lists them");
      }
    }
  }

  /** Whether a layer has to stay as it is: whether the last rule that matches it says so. */
  public boolean keeps(Layer layer) {
    return rules.stream()
        .filter(rule -> rule.matches(layer))
        .reduce((first, last) -> last)
        .map(Rule::keep)
        .orElse(false);
  }

  /** The candidates of a layer whose families its rules leave. */
  List<LayerCandidate> allowedFamilies(Layer layer, List<LayerCandidate> candidates) {
    List<LayerCandidate> allowed = candidates;
    for (Rule rule : rules) {
      if (rule.matches(layer) && !rule.families().isEmpty()) {
        allowed =
            candidates.stream()
                .filter(c -> c.isKeep() || rule.families().contains(c.family().orElseThrow()))
                .toList();
      }
    }
    return allowed;
  }

  /** The candidates of a layer that its rules leave. */
  List<LayerCandidate> allowed(Layer layer, List<LayerCandidate> candidates) {
    List<LayerCandidate> allowed = allowedFamilies(layer, candidates);
    OptionalDouble ratio =
        rules.stream()
            .filter(rule -> rule.ratio().isPresent() && rule.matches(layer))
            .mapToDouble(rule -> rule.ratio().getAsDouble())
            .reduce((first, last) -> last);
    return ratio.isPresent() ? nearest(layer, allowed, ratio.getAsDouble()) : allowed;
  }

  /** Those with at least the ratio, and hardly more of it where there are such. */
  private static List<LayerCandidate> nearest(
      Layer layer, List<LayerCandidate> candidates, double ratio) {
    double most = layer.cost().weights() / ratio;
    List<LayerCandidate> enough =
        candidates.stream().filter(c -> c.cost().weights() <= most).toList();
    if (enough.isEmpty()) {
      throw InputException.usage(
          "layers: %s cannot become %s times smaller; the smallest candidate has %d of its %d weights"
              .formatted(
                  layer.name(),
                  ratio,
                  candidates.stream().mapToLong(c -> c.cost().weights()).min().orElse(0),
                  layer.cost().weights()));
    }
    List<LayerCandidate> close =
        enough.stream().filter(c -> c.cost().weights() >= 0.9 * most).toList();
    return close.isEmpty() ? enough : close;
  }
}
