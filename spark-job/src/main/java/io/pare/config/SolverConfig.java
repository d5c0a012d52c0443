package io.pare.config;

import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.candidate.Mode;
import io.pare.stage.layers.WideLayers;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The problem of each layer.
 *
 * @param mode method that the published network is made by
 * @param compare methods whose networks are measured beside it and not published
 * @param families structures tried for each layer beside those that a mode leaves out, at least one
 * @param ridge pull towards the original weights relative to the mean diagonal of the Gram matrix,
 *     in (0, 1]
 * @param wide which layers have statistics of distributed matrices, and the largest system of a
 *     task
 * @param admmShare of the solving work that the ADMM may take, in [0, 0.9]; 0 leaves it out
 * @param seed of every random draw
 */
public record SolverConfig(
    Mode mode,
    List<Mode> compare,
    Set<Family> families,
    double ridge,
    WideLayers wide,
    double admmShare,
    long seed) {

  /** Checks every range. */
  public SolverConfig {
    compare = List.copyOf(compare);
    families = Set.copyOf(families);
    Problems problems = new Problems();
    if (families.isEmpty()) {
      problems.add("forms is empty: name at least one of " + Family.options());
    }
    for (Mode each : modes(mode, compare)) {
      if (each.families().stream().noneMatch(families::contains)) {
        problems.add("forms leaves nothing to the mode " + Constants.name(each));
      }
    }
    problems.aboveAndAtMost("ridge", ridge, 0, 1);
    problems.atLeast("wide-columns", wide.columns(), 1);
    problems.atLeast("largest-system", wide.largestSystem(), 1);
    problems.atLeast("task-samples", wide.taskSamples(), 1);
    problems.within("admm-share", admmShare, 0, 0.9);
    problems.throwIfAny();
  }

  public static Optional<SolverConfig> of(Settings settings) {
    return settings.part(
        () ->
            new SolverConfig(
                settings.parsed("mode", text -> Constants.oneOf(Mode.values(), text)),
                settings.parsed("compare", text -> Constants.someOf(Mode.values(), text)),
                settings.parsed("forms", SolverConfig::families),
                settings.real("ridge"),
                new WideLayers(
                    settings.integer("wide-columns"),
                    settings.integer("largest-system"),
                    settings.integer("task-samples")),
                settings.real("admm-share"),
                settings.longInteger("seed")));
  }

  private static Set<Family> families(String text) {
    return text.equals("all")
        ? EnumSet.allOf(Family.class)
        : Settings.split(text).stream().map(Family::ofOption).collect(Collectors.toSet());
  }

  /** The mode and those to compare it with, each once. */
  public List<Mode> modes() {
    return modes(mode, compare);
  }

  private static List<Mode> modes(Mode mode, List<Mode> others) {
    return Stream.concat(Stream.of(mode), others.stream()).distinct().toList();
  }

  /** The families that a mode may use. */
  public Set<Family> familiesOf(Mode each) {
    Set<Family> common = EnumSet.copyOf(each.families());
    common.retainAll(families);
    return common;
  }

  void describe(Map<String, String> effective) {
    effective.put("mode", Constants.name(mode));
    effective.put("compare", Constants.joined(compare, Mode.values()));
    effective.put("forms", Constants.joined(families.stream().sorted().toList(), Family.values()));
    effective.put("ridge", Double.toString(ridge));
    effective.put("wide-columns", Integer.toString(wide.columns()));
    effective.put("largest-system", Integer.toString(wide.largestSystem()));
    effective.put("task-samples", Integer.toString(wide.taskSamples()));
    effective.put("admm-share", Double.toString(admmShare));
    effective.put("seed", Long.toString(seed));
  }
}
