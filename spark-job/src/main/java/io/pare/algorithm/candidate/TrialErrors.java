package io.pare.algorithm.candidate;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * The sizes of a layer's error whose effect on the network's output is tried (algorithm.md section
 * 5). Stateless.
 */
public final class TrialErrors {
  private static final double[] ERRORS = {0.01, 0.05, 0.25};

  private TrialErrors() {}

  /**
   * The candidates whose errors lie nearest to the sizes, each once.
   *
   * @param error of a candidate, relative, after the activation
   */
  public static <T> List<T> nearest(Collection<T> candidates, ToDoubleFunction<T> error) {
    Set<T> chosen = new LinkedHashSet<>();
    for (double size : ERRORS) {
      candidates.stream()
          .min(Comparator.comparingDouble(each -> distance(error.applyAsDouble(each), size)))
          .ifPresent(chosen::add);
    }
    return List.copyOf(chosen);
  }

  private static double distance(double error, double wanted) {
    return Math.abs(Math.log(Math.max(error, 1e-9) / wanted));
  }
}
