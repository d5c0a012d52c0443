package io.pare.report.layer;

import io.pare.report.json.Missing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Whether the sum of a low-rank and a sparse component is worth its weights in one layer: whether a
 * sum lies below the lower convex envelope of the candidates with one component alone, as points of
 * weights and held-out error.
 *
 * @param onEnvelope whether at least one does
 * @param points those that do, by weights; where there is none, the one that comes closest
 */
public record SumFinding(boolean onEnvelope, List<Point> points) {

  /**
   * A sum beside single components of the same size.
   *
   * @param structure label of the sum
   * @param weights of the sum
   * @param error of the sum, on held-out samples
   * @param singleError of the envelope of single components at that many weights
   */
  public record Point(String structure, long weights, double error, double singleError) {

    /** Share of the single components' error that the sum saves; negative where it adds. */
    public double gain() {
      return singleError > 0 ? 1 - error / singleError : error > 0 ? -1 : 0;
    }
  }

  public SumFinding {
    points = Missing.orEmpty(points);
  }

  /** The finding that follows from a layer's candidates; empty where sums or single ones miss. */
  public static Optional<SumFinding> of(List<CandidatePoint> candidates) {
    List<CandidatePoint> envelope =
        envelope(candidates.stream().filter(candidate -> !candidate.sum()).toList());
    List<Point> sums = new ArrayList<>();
    for (CandidatePoint sum : candidates) {
      if (sum.sum() && !envelope.isEmpty() && sum.weights() >= envelope.get(0).weights()) {
        sums.add(
            new Point(sum.structure(), sum.weights(), sum.error(), at(envelope, sum.weights())));
      }
    }
    List<Point> winners =
        sums.stream().filter(point -> point.error() < point.singleError()).toList();
    if (!winners.isEmpty()) {
      return Optional.of(
          new SumFinding(
              true, winners.stream().sorted(Comparator.comparingLong(Point::weights)).toList()));
    }
    return sums.stream()
        .max(Comparator.comparingDouble(Point::gain))
        .map(closest -> new SumFinding(false, List.of(closest)));
  }

  /** The lower left convex hull: ascending in weights, falling in error. */
  private static List<CandidatePoint> envelope(List<CandidatePoint> points) {
    List<CandidatePoint> hull = new ArrayList<>();
    List<CandidatePoint> sorted =
        points.stream()
            .sorted(
                Comparator.comparingLong(CandidatePoint::weights)
                    .thenComparingDouble(CandidatePoint::error))
            .toList();
    for (CandidatePoint point : sorted) {
      if (!hull.isEmpty() && point.error() >= hull.get(hull.size() - 1).error()) {
        continue;
      }
      while (hull.size() > 1
          && above(hull.get(hull.size() - 2), hull.get(hull.size() - 1), point)) {
        hull.remove(hull.size() - 1);
      }
      hull.add(point);
    }
    return hull;
  }

  /** Whether the middle one lies on or above the line through the outer ones. */
  private static boolean above(CandidatePoint left, CandidatePoint middle, CandidatePoint right) {
    return middle.error() >= line(left, right, middle.weights());
  }

  private static double line(CandidatePoint left, CandidatePoint right, long weights) {
    double share = (double) (weights - left.weights()) / (right.weights() - left.weights());
    return left.error() + share * (right.error() - left.error());
  }

  private static double at(List<CandidatePoint> envelope, long weights) {
    for (int k = 1; k < envelope.size(); k++) {
      if (weights <= envelope.get(k).weights()) {
        return line(envelope.get(k - 1), envelope.get(k), weights);
      }
    }
    return envelope.get(envelope.size() - 1).error();
  }
}
