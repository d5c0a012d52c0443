package io.pare.cli;

import io.pare.config.ConfigFile;
import io.pare.config.Settings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** One command-line option for each key of conf/pare.conf, described by the comment there. */
final class ConfigOptions {
  private static final String FILE_OPTION = "--config";
  private static final String FILE_VARIABLE = "PARE_CONF";

  private ConfigOptions() {}

  /** Adds an option for each of the keys, and the one that names a configuration file. */
  static void addTo(CommandSpec command, Set<String> keys) {
    command.addOption(
        OptionSpec.builder(FILE_OPTION)
            .paramLabel("FILE")
            .type(Path.class)
            .description(
                "Configuration file of key = value lines; without it the file that "
                    + FILE_VARIABLE
                    + " names, if that is set.")
            .build());
    for (ConfigFile.Entry entry : ConfigFile.defaults().entries()) {
      if (keys.contains(entry.key())) {
        command.addOption(option(entry));
      }
    }
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
   * @throws io.pare.InputException if the configuration file cannot be read
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
    return Settings.of(file, values);
  }
}
