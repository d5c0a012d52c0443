package io.pare.cli;

import io.pare.InputException;
import io.pare.algorithm.structure.LayerCost;
import io.pare.config.JobConfig;
import io.pare.config.Settings;
import io.pare.model.KeptLayer;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import io.pare.report.TextTable;
import io.pare.run.Failure;
import io.pare.run.input.ReadNetwork;
import io.pare.run.zoo.ZooEntry;
import io.pare.run.zoo.ZooList;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Many networks as one table, a line each; one that cannot be read is a line that says why. */
final class ZooInspection {
  private static final List<String> HEADER =
      List.of(
          "network",
          "layers",
          "compressible",
          "weights",
          "of them %",
          "activations",
          "fitted",
          "remarks");
  private static final Set<Integer> NUMBERS = Set.of(1, 2, 3, 4, 5, 6);

  private final ZooList zoo;
  private final Supplier<Settings> settings;

  /**
   * Of a list.
   *
   * @param settings gives what is said for all, afresh with each call
   */
  ZooInspection(ZooList zoo, Supplier<Settings> settings) {
    this.zoo = zoo;
    this.settings = settings;
  }

  /**
   * Prints the table.
   *
   * @throws InputException (exit code 5) behind the table, where a network cannot be read
   */
  void print(PrintStream out) {
    TextTable table = new TextTable(HEADER, NUMBERS);
    int failed = zoo.problems().size();
    for (ZooEntry entry : zoo.entries()) {
      try {
        table.add(row(entry.name(), read(entry).layers()));
      } catch (RuntimeException e) { // whatever one network brings about ends no other
        failed++;
        table.add(List.of(entry.name(), "", "", "", "", "", "", failure(e)));
      }
    }
    table.lines().forEach(out::println);
    zoo.problems().forEach(out::println);
    if (failed > 0) {
      throw InputException.partial(
          "%d of %d models cannot be inspected"
              .formatted(failed, zoo.entries().size() + zoo.problems().size()));
    }
  }

  private static String failure(RuntimeException e) {
    return Failure.exitCode(e) == Failure.INTERNAL
        ? Failure.internal(e, "inspect it alone for the stack trace")
        : Failure.message(e);
  }

  private ReadNetwork read(ZooEntry entry) {
    Settings own = settings.get();
    own.overlay(entry.place(), entry.keys());
    Optional<JobConfig.Network> network = JobConfig.Network.of(own);
    return ReadNetwork.of(own.finish(network::orElseThrow)).comparable();
  }

  private static List<String> row(String name, NetworkLayers layers) {
    long fitted =
        layers.compressible().stream().filter(layer -> !layer.activation().isIdentity()).count();
    long unfitted = layers.compressible().stream().filter(layer -> !layer.note().isEmpty()).count();
    long weights = layers.total().weights();
    long able = layers.compressible().stream().map(Layer::cost).mapToLong(LayerCost::weights).sum();
    return List.of(
        name,
        count(layers.compressible().size() + layers.kept().size()),
        count(layers.compressible().size()),
        count(weights),
        String.format(Locale.ROOT, "%.1f", weights == 0 ? 0 : 100.0 * able / weights),
        count(fitted + unfitted),
        count(fitted),
        remarks(layers));
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Why layers stay, and why an activation is not fitted, what is most frequent first. */
  private static String remarks(NetworkLayers layers) {
    Map<String, Long> counts =
        Stream.concat(
                layers.kept().stream().map(ZooInspection::reason),
                layers.compressible().stream().map(Layer::note).filter(note -> !note.isEmpty()))
            .collect(
                Collectors.groupingBy(text -> text, LinkedHashMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining("; "));
  }

  private static String reason(KeptLayer layer) {
    return "kept: " + (layer.isSharing() ? "shares the weights of another" : layer.reason());
  }
}
