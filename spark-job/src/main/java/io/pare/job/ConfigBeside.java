package io.pare.job;

import io.pare.io.HadoopFiles;
import io.pare.io.preprocessing.Preprocessing;
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
record ConfigBeside(String path, String overrides) {
  private static final Pattern TEXT = Pattern.compile("config(?::([^,]+))?(?:,(.*))?");
  private static final int LARGEST = 1 << 20;

  /** The file that the configuration asks for; empty where it has a text of its own. */
  static Optional<ConfigBeside> of(JobConfig.Network network) {
    Matcher text = TEXT.matcher(network.preprocessing());
    if (!text.matches()) {
      return Optional.empty();
    }
    String model = network.model();
    String beside = model.substring(0, model.lastIndexOf('/') + 1) + "config.json";
    return Optional.of(
        new ConfigBeside(
            Optional.ofNullable(text.group(1)).map(String::strip).orElse(beside),
            Optional.ofNullable(text.group(2)).orElse("")));
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
