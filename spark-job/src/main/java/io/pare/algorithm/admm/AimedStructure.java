package io.pare.algorithm.admm;

import io.pare.algorithm.structure.Geometry;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads the structure off a solution and makes it cost what was aimed at: a solution comes close to
 * the cost and would seldom meet it. Stateless.
 */
final class AimedStructure {
  private final LayerShape shape;
  private final Groups groups;
  private final Matricisation matricisation;

  AimedStructure(ExtendedAdmm admm) {
    shape = admm.regression().shape();
    groups = admm.groups();
    matricisation = admm.matricisation();
  }

  /** Weights of the solution's structure as it is, 0 where both components are zero. */
  long weights(AdmmSolution solution) {
    LowRank lowRank = matricisation.lowRank(solution.rank(), shape);
    return lowRank.isNone() && solution.support().isEmpty()
        ? 0
        : weights(new Structure.Sum(lowRank, solution.support()));
  }

  /**
   * The sum of at most so many weights: the groups of the solution, the largest ones in proportion
   * where it costs more, and the largest rank that is left room for. Where the solution has no
   * group, the one that would enter next. Empty where the cost has no room for both.
   */
  Optional<Structure.Sum> of(AdmmSolution solution, long budget) {
    double share = Math.min(1, (double) budget / Math.max(1, weights(solution)));
    int size = (int) Math.max(1, Math.floor(share * solution.support().size()));
    for (; size > 0; size /= 2) {
      Support support = largest(solution, size);
      int rank = rank(support, budget);
      if (rank > 0) {
        return Optional.of(new Structure.Sum(matricisation.lowRank(rank, shape), support));
      }
    }
    return Optional.empty();
  }

  private Support largest(AdmmSolution solution, int size) {
    double[] norms =
        groups.norms(
            solution.support().isEmpty() ? solution.multiplier() : solution.sparse(), shape);
    int[] first =
        IntStream.range(0, norms.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer g) -> -norms[g]))
            .limit(size)
            .mapToInt(Integer::intValue)
            .toArray();
    Arrays.sort(first);
    return new Support(groups.kind(), first);
  }

  /** The largest rank beside a support that keeps the budget, 0 where none does. */
  private int rank(Support support, long budget) {
    int below = 0;
    int above = matricisation.largestRank(shape);
    while (above - below > 1) {
      int middle = (below + above) >>> 1;
      LowRank lowRank = matricisation.lowRank(middle, shape);
      if (weights(new Structure.Sum(lowRank, support)) <= budget) {
        below = middle;
      } else {
        above = middle;
      }
    }
    return below;
  }

  private long weights(Structure.Sum sum) {
    return sum.cost(shape, Geometry.UNKNOWN).weights();
  }
}
