package io.pare.report.layer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A sum that the extended ADMM found beside what else the layer could become at that cost.
 *
 * @param admm the sum
 * @param greedy the best sum of a greedy search with at most a twentieth more weights, where there
 *     is one
 * @param single the best candidate of one component with at most a twentieth more weights, where
 *     there is one
 */
public record SumComparison(
    CandidatePoint admm, Optional<CandidatePoint> greedy, Optional<CandidatePoint> single) {
  private static final double EQUAL = 1.05;
  private static final String ADMM = "admm-";

  /** Whether no other candidate of that cost is as good. */
  public boolean wins() {
    return beats(greedy) && beats(single);
  }

  private boolean beats(Optional<CandidatePoint> other) {
    return other.map(point -> admm.error() < point.error()).orElse(true);
  }

  /** The comparisons that follow from a layer's candidates, by weights. */
  public static List<SumComparison> of(List<CandidatePoint> candidates) {
    List<SumComparison> comparisons = new ArrayList<>();
    candidates.stream()
        .filter(SumComparison::isAdmm)
        .sorted(Comparator.comparingLong(CandidatePoint::weights))
        .forEach(
            admm ->
                comparisons.add(
                    new SumComparison(
                        admm,
                        best(candidates, admm, point -> point.sum() && !isAdmm(point)),
                        best(candidates, admm, point -> !point.sum()))));
    return comparisons;
  }

  private static boolean isAdmm(CandidatePoint point) {
    return point.sum() && point.family().startsWith(ADMM);
  }

  private static Optional<CandidatePoint> best(
      List<CandidatePoint> candidates, CandidatePoint admm, Predicate<CandidatePoint> kind) {
    return candidates.stream()
        .filter(kind)
        .filter(point -> point.weights() <= EQUAL * admm.weights())
        .min(Comparator.comparingDouble(CandidatePoint::error));
  }
}
