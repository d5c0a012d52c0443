package io.pare.algorithm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A layer's held-out error as a function of rank in one form: measured at some ranks, interpolated
 * in its logarithm between them, never rising with rank.
 */
public final class CandidatePath {
  private static final double SMALLEST = 1e-12;

  private final Form form;
  private final TreeMap<Integer, Double> logErrors = new TreeMap<>();

  /**
   * The path through measured candidates.
   *
   * @param form of all of them
   * @param candidates at least one, by rank
   */
  public CandidatePath(Form form, Map<Integer, Double> candidates) {
    this.form = form;
    double best = Double.POSITIVE_INFINITY;
    List<Integer> ranks = new ArrayList<>(candidates.keySet());
    ranks.sort(Comparator.naturalOrder());
    for (int rank : ranks) {
      best = Math.min(best, Math.log(Math.max(SMALLEST, candidates.get(rank))));
      logErrors.put(rank, best);
    }
  }

  /** A candidate at every rank between the smallest and the largest that were measured. */
  public List<Candidate> everyRank() {
    List<Candidate> all = new ArrayList<>();
    for (int rank = logErrors.firstKey(); rank <= logErrors.lastKey(); rank++) {
      all.add(new Candidate(form.structure(rank), error(rank)));
    }
    return all;
  }

  private double error(int rank) {
    Map.Entry<Integer, Double> below = logErrors.floorEntry(rank);
    Map.Entry<Integer, Double> above = logErrors.ceilingEntry(rank);
    if (below.getKey().equals(above.getKey())) {
      return Math.exp(below.getValue());
    }
    double share = (double) (rank - below.getKey()) / (above.getKey() - below.getKey());
    return Math.exp(below.getValue() + share * (above.getValue() - below.getValue()));
  }
}
