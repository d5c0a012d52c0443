package io.pare.algorithm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A layer's held-out error as a function of the step on the path of one form: measured at some
 * steps, interpolated in its logarithm between them, never rising with step.
 */
public final class CandidatePath {
  private static final double SMALLEST = 1e-12;

  private final Form form;
  private final LayerShape shape;
  private final TreeMap<Integer, Double> logErrors = new TreeMap<>();

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
      best = Math.min(best, Math.log(Math.max(SMALLEST, candidates.get(step))));
      logErrors.put(step, best);
    }
  }

  /** The candidates at the measured steps. */
  public List<Candidate> measured() {
    List<Candidate> all = new ArrayList<>();
    logErrors.forEach(
        (step, error) ->
            all.add(new Candidate(Structure.of(form.at(shape, step)), Math.exp(error))));
    return all;
  }

  /** A candidate at every step between the smallest and the largest that were measured. */
  public List<Candidate> everyStep() {
    List<Candidate> all = new ArrayList<>();
    for (int step = logErrors.firstKey(); step <= logErrors.lastKey(); step++) {
      all.add(new Candidate(Structure.of(form.at(shape, step)), error(step)));
    }
    return all;
  }

  private double error(int step) {
    Map.Entry<Integer, Double> below = logErrors.floorEntry(step);
    Map.Entry<Integer, Double> above = logErrors.ceilingEntry(step);
    if (below.getKey().equals(above.getKey())) {
      return Math.exp(below.getValue());
    }
    double share = (double) (step - below.getKey()) / (above.getKey() - below.getKey());
    return Math.exp(below.getValue() + share * (above.getValue() - below.getValue()));
  }
}
