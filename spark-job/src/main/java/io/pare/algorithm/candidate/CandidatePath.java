package io.pare.algorithm.candidate;

import io.pare.algorithm.structure.Candidate;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A layer's held-out error as a function of the step on the path of one form: measured at some
 * steps, never rising with step, linear between them. The error of the best fits is a convex
 * function of the rank, so that no step is promised less than it has; a curve through the
 * logarithms would promise next to nothing in front of a rank that is exact.
 */
public final class CandidatePath {
  private final Form form;
  private final LayerShape shape;
  private final TreeMap<Integer, Double> errors = new TreeMap<>();

  /**
   * The path through measured candidates.
   *
   * @param form of all of them
   * @param shape of one group of the layer
   * @param candidates errors by step, at least one
   */
  public CandidatePath(Form form, LayerShape shape, Map<Integer, Double> candidates) {
    this.form = form;
    this.shape = shape;
    double best = Double.POSITIVE_INFINITY;
    List<Integer> steps = new ArrayList<>(candidates.keySet());
    steps.sort(Comparator.naturalOrder());
    for (int step : steps) {
      best = Math.min(best, candidates.get(step));
      errors.put(step, best);
    }
  }

  /** A candidate at every step between the smallest and the largest that were measured. */
  public List<Candidate> everyStep() {
    List<Candidate> all = new ArrayList<>();
    for (int step = errors.firstKey(); step <= errors.lastKey(); step++) {
      all.add(new Candidate(Structure.of(form.at(shape, step)), error(step)));
    }
    return all;
  }

  private double error(int step) {
    Map.Entry<Integer, Double> below = errors.floorEntry(step);
    Map.Entry<Integer, Double> above = errors.ceilingEntry(step);
    if (below.getKey().equals(above.getKey())) {
      return below.getValue();
    }
    double share = (double) (step - below.getKey()) / (above.getKey() - below.getKey());
    return below.getValue() + share * (above.getValue() - below.getValue());
  }
}
