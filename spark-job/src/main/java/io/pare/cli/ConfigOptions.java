package io.pare.cli;

import io.pare.InputException;
import io.pare.config.ConfigFile;
import io.pare.config.Settings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * One command-line option for each key of conf/pare.conf, described by the comment there and below
 * the heading that it has there. The network may also be given without the name of its option.
 */
final class ConfigOptions {
  private static final String MODEL = "model";
  private static final String FILE_OPTION = "--config";
  private static final String FILE_VARIABLE = "PARE_CONF";

  private ConfigOptions() {}

  /**
   * Adds an option for each of the keys, the one that names a configuration file, and a place for
   * the network where it is among the keys.
   */
  static void addTo(CommandSpec command, Set<String> keys) {
    if (keys.contains(MODEL)) {
      command.addPositional(
          PositionalParamSpec.builder()
              .index("0")
              .arity("0..1")
              .paramLabel("MODEL")
              .type(String.class)
              .description("The network: the same as --model MODEL.")
              .build());
    }
    command.addOption(
        OptionSpec.builder(FILE_OPTION)
            .paramLabel("FILE")
            .type(Path.class)
            .description(
                "Configuration file of key = value lines; without it the file that "
                    + FILE_VARIABLE
                    + " names, if that is set.")
            .build());
    Map<String, ArgGroupSpec.Builder> groups = new LinkedHashMap<>();
    for (ConfigFile.Entry entry : ConfigFile.defaults().entries()) {
      if (keys.contains(entry.key())) {
        groups.computeIfAbsent(entry.heading(), ConfigOptions::group).addArg(option(entry));
      }
    }
    groups.values().forEach(group -> command.addArgGroup(group.build()));
  }

  /** Of options that stand together in the help and have nothing else to do with each other. */
  private static ArgGroupSpec.Builder group(String heading) {
    return ArgGroupSpec.builder().validate(false).heading("%n" + heading + ":%n");
  }

  private static OptionSpec option(ConfigFile.Entry entry) {
    String description = entry.comment();
    if (!entry.value().isEmpty()) {
      description += " Default: " + entry.value();
    }
    return OptionSpec.builder("--" + entry.key())
        .paramLabel("VALUE")
        .type(String.class)
        .description(description.replace("%", "%%"))
        .build();
  }

  /**
   * The settings that a parsed command line asks for.
   *
   * @throws InputException if the configuration file cannot be read, or the network is given twice
   */
  static Settings settings(ParseResult parsed, Map<String, String> environment) {
    Optional<Path> file =
        Optional.ofNullable(parsed.<Path>matchedOptionValue(FILE_OPTION, null))
            .or(() -> Optional.ofNullable(environment.get(FILE_VARIABLE)).map(Path::of));
    Map<String, String> values = new LinkedHashMap<>();
    for (ConfigFile.Entry entry : ConfigFile.defaults().entries()) {
      String name = "--" + entry.key();
      if (parsed.hasMatchedOption(name)) {
        values.put(entry.key(), parsed.matchedOptionValue(name, ""));
      }
    }
    network(parsed)
        .ifPresent(
            model -> {
              if (values.put(MODEL, model) != null) {
                throw InputException.usage(
                    "the network is given twice, as " + model + " and by --model: leave one out");
              }
            });
    return Settings.of(file, values);
  }

  /** The network that is given by its place. */
  static Optional<String> network(ParseResult parsed) {
    return Optional.ofNullable(parsed.matchedPositionalValue(0, null));
  }
}
