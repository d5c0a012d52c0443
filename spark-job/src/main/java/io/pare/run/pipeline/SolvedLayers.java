package io.pare.run.pipeline;

import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.candidate.Mode;
import io.pare.algorithm.fit.Fitting;
import io.pare.config.SolverConfig;
import io.pare.plan.LayerOptions;
import io.pare.run.progress.Phases;
import io.pare.stage.layers.SolveLayersStage.Statistics;
import io.pare.stage.layers.SolvedPaths;
import io.pare.stage.spark.Checkpoints;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What each sampled layer can become.
 *
 * @param options of the layers in graph order, by what their candidates were fitted to
 */
record SolvedLayers(Map<Fitting, List<LayerOptions>> options) {

  /** Solves for the candidates of the configured modes; what is kept is not solved again. */
  static SolvedLayers of(
      SampledLayers sampled, Checkpoints checkpoints, SolverConfig config, Phases phases) {
    Map<Fitting, Set<Family>> wanted = wanted(config);
    Statistics statistics = sampled.statistics();
    Map<Fitting, SolvedPaths> paths = new TreeMap<>();
    wanted.forEach(
        (basis, families) -> paths.put(basis, statistics.paths(families, basis, checkpoints)));
    if (!paths.values().stream().allMatch(SolvedPaths::isComplete)) {
      phases.run("gather", statistics::gather);
    }
    Map<Fitting, List<LayerOptions>> options = new TreeMap<>();
    paths.forEach(
        (basis, solved) ->
            options.put(
                basis,
                phases.time(
                    "solve",
                    () ->
                        LayerOptions.of(
                            sampled.groups().layers(), statistics.candidates(solved)))));
    return new SolvedLayers(options);
  }

  /** Layers that are not asked to become anything. */
  static SolvedLayers none(SampledLayers sampled, SolverConfig config) {
    Map<Fitting, List<LayerOptions>> options = new TreeMap<>();
    wanted(config)
        .keySet()
        .forEach(
            basis -> options.put(basis, LayerOptions.of(sampled.groups().layers(), List.of())));
    return new SolvedLayers(options);
  }

  private static Map<Fitting, Set<Family>> wanted(SolverConfig config) {
    Map<Fitting, Set<Family>> wanted = new TreeMap<>();
    for (Mode mode : config.modes()) {
      wanted
          .computeIfAbsent(basis(mode), basis -> EnumSet.noneOf(Family.class))
          .addAll(config.familiesOf(mode));
    }
    return wanted;
  }

  /** The same with ranks in multiples. */
  SolvedLayers inMultiplesOf(int multiple) {
    Map<Fitting, List<LayerOptions>> wider = new TreeMap<>();
    options.forEach(
        (basis, layers) ->
            wider.put(basis, layers.stream().map(its -> its.inMultiplesOf(multiple)).toList()));
    return new SolvedLayers(wider);
  }

  /** What the candidates of a mode are fitted to before a plan is made. */
  private static Fitting basis(Mode mode) {
    return mode.fitting() == Fitting.WEIGHTS ? Fitting.WEIGHTS : Fitting.LINEAR;
  }

  /** What the layers can become in a mode, other families among it. */
  List<LayerOptions> of(Mode mode) {
    return options.get(basis(mode));
  }

  /** What the candidates are fitted to that sensitivity is tried with: the data where they can. */
  Fitting tried() {
    return options.containsKey(Fitting.LINEAR) ? Fitting.LINEAR : Fitting.WEIGHTS;
  }
}
