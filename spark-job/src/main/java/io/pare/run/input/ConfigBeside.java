package io.pare.run.input;

import io.pare.config.JobConfig;
import io.pare.io.HadoopFiles;
import io.pare.io.preprocessing.Preprocessing;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A preprocessing that a file says: {@code config} for the config.json beside the model, {@code
 * config:PATH} for another, and overrides after a comma.
 *
 * @param path Hadoop path of the file
 * @param overrides as the user wrote them; may be empty
 */
public record ConfigBeside(String path, String overrides) {
  private static final Pattern CONFIG = Pattern.compile("config(?::([^,]+))?(?:,(.*))?");

  /** Hugging Face's, whose config.json says nothing of images; then timm's. */
  private static final List<String> USUAL = List.of("preprocessor_config.json", "config.json");

  private static final int LARGEST = 1 << 20;

  /** The first of the usual files beside the network that says something of images. */
  static Optional<ConfigBeside> found(
      JobConfig.Network network, String overrides, HadoopFiles files) {
    return USUAL.stream()
        .map(name -> new ConfigBeside(folder(network) + name, overrides))
        .filter(beside -> files.exists(beside.path()))
        .filter(beside -> Preprocessing.isConfig(beside.read(files)))
        .findFirst();
  }

  /** The file that the configuration asks for; empty where it has a text of its own. */
  static Optional<ConfigBeside> of(JobConfig.Network network) {
    Matcher text = CONFIG.matcher(network.preprocessing());
    if (!text.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new ConfigBeside(
            Optional.ofNullable(text.group(1))
                .map(String::strip)
                .orElse(folder(network) + "config.json"),
            Optional.ofNullable(text.group(2)).orElse("")));
  }

  private static String folder(JobConfig.Network network) {
    return network.model().substring(0, network.model().lastIndexOf('/') + 1);
  }

  /**
   * Reads the file.
   *
   * @throws io.pare.InputException if it is missing or larger than a megabyte
   */
  Preprocessing.Source read(HadoopFiles files) {
    return new Preprocessing.Source(path, files.readAll(path, LARGEST), overrides);
  }
}
