package io.pare.plan;

import io.pare.algorithm.admm.Trace;
import io.pare.algorithm.candidate.CandidatePath;
import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.candidate.GroupCandidate;
import io.pare.algorithm.structure.Candidate;
import io.pare.algorithm.structure.Structure;
import io.pare.model.Layer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * All that was found out about what one layer can become.
 *
 * @param layer as it is
 * @param measured candidates that were fitted and judged
 * @param all these and those in between on the paths of low-rank forms, whose errors are
 *     interpolated; keeping the layer among them
 * @param traces of the ADMM, by the structure of the first group that it found
 */
public record LayerOptions(
    Layer layer,
    List<LayerCandidate> measured,
    List<LayerCandidate> all,
    Map<String, Trace> traces) {
  // Of a path; in between, time is close to a line.
  private static final int TIMED = 12;

  /**
   * What a plan may pick from.
   *
   * @param options of the layer
   * @param sensitivity what an error of the layer does to the network's output
   */
  public record Priced(LayerOptions options, SensitivityCurve sensitivity) {

    /** The same with the candidates of some families only. */
    public Priced only(Set<Family> families) {
      return new Priced(
          new LayerOptions(
              options.layer,
              options.measured.stream().filter(c -> isOf(c, families)).toList(),
              options.all.stream().filter(c -> isOf(c, families)).toList(),
              options.traces),
          sensitivity);
    }

    /** The same without the candidates that take longer than the layer as it is. */
    public Priced faster(LayerTimes times) {
      return new Priced(
          new LayerOptions(
              options.layer,
              options.measured,
              times.faster(options.layer, options.all),
              options.traces),
          sensitivity);
    }

    private static boolean isOf(LayerCandidate candidate, Set<Family> families) {
      return candidate.family().map(families::contains).orElse(true);
    }
  }

  /**
   * The same with ranks that kernels compute as fast as smaller ones: on the paths of low-rank
   * forms, steps that are multiples, with the channels between other factors rounded up to
   * multiples. An error is that of the step, which wider factors can only undercut.
   *
   * @param multiple at least 1
   */
  public LayerOptions inMultiplesOf(int multiple) {
    List<LayerCandidate> kept = new ArrayList<>();
    for (LayerCandidate candidate : all) {
      if (!candidate.isOnPath()) {
        kept.add(candidate);
      } else if (candidate.step() % multiple == 0) {
        LayerCandidate wider = candidate.widened(layer, multiple);
        if (wider.cost().weights() < layer.cost().weights()) {
          kept.add(wider);
        }
      }
    }
    return new LayerOptions(layer, measured, kept, traces);
  }

  /** What is enough to time to know the time of all: on a path, some steps from end to end. */
  List<LayerCandidate> timed() {
    Map<Boolean, List<LayerCandidate>> byPath =
        all.stream().collect(Collectors.partitioningBy(LayerCandidate::isOnPath));
    List<LayerCandidate> timed = new ArrayList<>(byPath.get(false));
    byPath.get(true).stream()
        .collect(Collectors.groupingBy(candidate -> candidate.family().orElseThrow()))
        .values()
        .forEach(path -> timed.addAll(spread(path)));
    return timed;
  }

  private static List<LayerCandidate> spread(List<LayerCandidate> path) {
    int count = Math.min(path.size(), TIMED);
    return IntStream.range(0, count)
        .mapToObj(k -> path.get(count == 1 ? 0 : k * (path.size() - 1) / (count - 1)))
        .toList();
  }

  /**
   * Joins the candidates of groups: a layer's error is the mean over its groups.
   *
   * @param layers that have candidates, or none
   */
  public static List<LayerOptions> of(List<Layer> layers, List<GroupCandidate> candidates) {
    Map<Integer, Map<Family, Map<Integer, List<GroupCandidate>>>> families = new TreeMap<>();
    candidates.stream()
        .sorted(Comparator.comparing(GroupCandidate::group))
        .forEach(
            candidate ->
                families
                    .computeIfAbsent(candidate.group().layer(), layer -> new TreeMap<>())
                    .computeIfAbsent(candidate.family(), family -> new TreeMap<>())
                    .computeIfAbsent(candidate.step(), step -> new ArrayList<>())
                    .add(candidate));
    return layers.stream()
        .map(layer -> of(layer, families.getOrDefault(layer.index(), Map.of())))
        .toList();
  }

  private static LayerOptions of(
      Layer layer, Map<Family, Map<Integer, List<GroupCandidate>>> families) {
    List<LayerCandidate> measured = new ArrayList<>();
    List<LayerCandidate> all = new ArrayList<>();
    Map<String, Trace> traces = new LinkedHashMap<>();
    all.add(LayerCandidate.keep(layer));
    families.forEach(
        (family, steps) -> {
          Map<Integer, Double> errors = new TreeMap<>();
          steps.forEach(
              (step, parts) -> {
                if (parts.size() == layer.groups()) {
                  LayerCandidate candidate = joined(layer, family, parts);
                  measured.add(candidate);
                  if (family.form().isEmpty()) { // else the path has it
                    all.add(candidate);
                  }
                  errors.put(step, candidate.error());
                  trace(parts)
                      .ifPresent(t -> traces.merge(candidate.label(), t, LayerOptions::together));
                }
              });
          if (family.form().isPresent() && !errors.isEmpty()) {
            CandidatePath path = new CandidatePath(family.form().get(), layer.shape(), errors);
            all.addAll(everyStep(layer, family, path));
          }
        });
    return new LayerOptions(layer, measured, all, traces);
  }

  /** Of the groups' traces the one that ended worst, with the work of all. */
  private static Optional<Trace> trace(List<GroupCandidate> parts) {
    return parts.stream().flatMap(part -> part.trace().stream()).reduce(LayerOptions::together);
  }

  private static Trace together(Trace one, Trace other) {
    Trace worse =
        Comparator.comparing((Trace trace) -> !trace.converged())
                    .thenComparing(trace -> trace.iterations().size())
                    .compare(one, other)
                < 0
            ? other
            : one;
    return worse.withShare(Math.min(1, one.share() + other.share()));
  }

  private static LayerCandidate joined(Layer layer, Family family, List<GroupCandidate> parts) {
    List<Structure> structures = parts.stream().map(GroupCandidate::structure).toList();
    double error = parts.stream().mapToDouble(GroupCandidate::error).average().orElseThrow();
    return LayerCandidate.of(layer, family, structures, error);
  }

  private static List<LayerCandidate> everyStep(Layer layer, Family family, CandidatePath path) {
    List<LayerCandidate> candidates = new ArrayList<>();
    for (Candidate candidate : path.everyStep()) {
      candidates.add(
          LayerCandidate.uniform(layer, family, candidate.structure(), candidate.error()));
    }
    return candidates;
  }
}
