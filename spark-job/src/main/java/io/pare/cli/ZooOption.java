package io.pare.cli;

import io.pare.InputException;
import io.pare.run.ResultFile;
import io.pare.run.zoo.ZooList;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The option {@code --zoo}, which names several networks in place of one. */
final class ZooOption {
  private static final String NAME = "--zoo";

  private ZooOption() {}

  /**
   * Adds it.
   *
   * @param use what becomes of the models
   */
  static void addTo(CommandSpec spec, String use) {
    spec.addOption(
        OptionSpec.builder(NAME)
            .paramLabel("FILE")
            .type(String.class)
            .description(
                use
                    + ": a list in YAML, JSON or CSV with a model and any other keys for each, an ONNX_HUB_MANIFEST.json, or a glob of ONNX files; a Hadoop path.")
            .build());
  }

  /** What it names. */
  static Optional<String> of(ParseResult parsed) {
    return Optional.ofNullable(parsed.matchedOptionValue(NAME, null));
  }

  /**
   * The models that it lists.
   *
   * @throws InputException if the list cannot be read, or a network is named beside it
   */
  static Optional<ZooList> list(ParseResult parsed) {
    Optional<String> zoo = of(parsed);
    if (zoo.isPresent()
        && (parsed.hasMatchedOption("--model") || ConfigOptions.network(parsed).isPresent())) {
      throw InputException.usage("a network and --zoo exclude each other: leave one of them out");
    }
    return zoo.map(list -> ZooList.read(list, ResultFile.files()));
  }
}
