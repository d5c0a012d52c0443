package io.pare.job;

import io.pare.algorithm.Candidate;
import io.pare.algorithm.CandidatePath;
import io.pare.algorithm.Form;
import io.pare.algorithm.SensitivityCurve;
import io.pare.model.Layer;
import io.pare.stage.LayerGroups;
import io.pare.stage.SolveLayersStage.GroupCandidate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that was found out about what one layer can become.
 *
 * @param layer as it is
 * @param measured candidates that were fitted and judged
 * @param all these and those in between, whose errors are interpolated; keeping the layer among
 *     them
 */
record LayerOptions(Layer layer, List<LayerCandidate> measured, List<LayerCandidate> all) {

  /** Joins the candidates of groups: a layer's error is the mean over its groups. */
  static List<LayerOptions> of(LayerGroups groups, List<GroupCandidate> candidates) {
    List<Map<Form, Map<Integer, Double>>> errors = new ArrayList<>();
    groups.layers().forEach(layer -> errors.add(new EnumMap<>(Form.class)));
    for (GroupCandidate candidate : candidates) {
      int place = groups.layerOf(candidate.partition());
      errors
          .get(place)
          .computeIfAbsent(candidate.form(), form -> new TreeMap<>())
          .merge(
              candidate.step(),
              candidate.error() / groups.layers().get(place).groups(),
              Double::sum);
    }
    List<LayerOptions> options = new ArrayList<>();
    for (int k = 0; k < errors.size(); k++) {
      options.add(of(groups.layers().get(k), errors.get(k)));
    }
    return options;
  }

  private static LayerOptions of(Layer layer, Map<Form, Map<Integer, Double>> errors) {
    List<LayerCandidate> measured = new ArrayList<>();
    List<LayerCandidate> all = new ArrayList<>();
    all.add(LayerCandidate.keep(layer));
    errors.forEach(
        (form, path) -> {
          CandidatePath curve = new CandidatePath(form, layer.shape(), path);
          for (Candidate candidate : curve.measured()) {
            measured.add(LayerCandidate.uniform(layer, candidate.structure(), candidate.error()));
          }
          for (Candidate candidate : curve.everyStep()) {
            all.add(LayerCandidate.uniform(layer, candidate.structure(), candidate.error()));
          }
        });
    return new LayerOptions(layer, measured, all);
  }

  /** What a plan may pick from. */
  record Priced(LayerOptions options, SensitivityCurve sensitivity) {}
}
