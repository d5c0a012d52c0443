package io.pare.run.zoo;

import io.pare.InputException;
import io.pare.config.JobConfig;
import io.pare.config.Settings;
import io.pare.config.ZooConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The models of a zoo with the configuration of each.
 *
 * @param zoo the list, as it was named
 * @param output folder that the results go below
 * @param common that holds for the zoo as a whole
 * @param models at least one
 */
public record ZooPlan(String zoo, String output, ZooConfig common, List<Model> models) {
  private static final int IN_ONE_LINE = 5;
  private static final String OUTPUT = "output";
  private static final List<String> OF_ALL = List.of(OUTPUT, "zoo-at-once", "zoo-attempts");

  /**
   * One model.
   *
   * @param name folder below the output
   * @param config of its compression
   * @param sha256 that its file must have, where the list says it
   */
  record Model(String name, JobConfig config, Optional<String> sha256) {

    /** The data sets that it reads, one named twice counted twice. */
    List<String> dataSets() {
      return Stream.concat(
              Stream.of(config.calibration().images()), config.validation().images().stream())
          .toList();
    }
  }

  /**
   * Puts the configurations together: what the list says of a model wins over what is given for
   * all.
   *
   * @param settings gives what is said for all, afresh with each call
   * @throws InputException with the problems of all models
   */
  public static ZooPlan of(String zoo, ZooList list, Supplier<Settings> settings) {
    Settings all = settings.get();
    String output = all.requiredPath(OUTPUT);
    Optional<ZooConfig> common = ZooConfig.of(all);
    ZooConfig zooConfig = all.finish(common::orElseThrow);
    List<Model> models = new ArrayList<>();
    List<String> problems = new ArrayList<>(list.problems());
    for (ZooEntry entry : list.entries()) {
      try {
        models.add(model(entry, settings.get(), output));
      } catch (InputException e) {
        problems.add(entry.place() + " (" + entry.name() + "): " + e.getMessage());
      }
    }
    requireNone(zoo, problems);
    return new ZooPlan(zoo, output, zooConfig, models);
  }

  private static void requireNone(String zoo, List<String> problems) {
    if (problems.size() > IN_ONE_LINE) {
      throw InputException.usage(
          "%d mistakes in %s, each in a line above".formatted(problems.size(), zoo), problems);
    }
    if (!problems.isEmpty()) {
      throw InputException.usage(String.join("; ", problems));
    }
  }

  private static Model model(ZooEntry entry, Settings settings, String output) {
    for (String key : OF_ALL) {
      if (entry.keys().containsKey(key)) {
        throw InputException.usage(key + " holds for the whole zoo: give it as --" + key);
      }
    }
    settings.overlay(entry.place(), entry.keys());
    settings.overlay(entry.place(), Map.of(OUTPUT, output + "/" + entry.name()));
    return new Model(entry.name(), JobConfig.of(settings), entry.sha256());
  }
}
