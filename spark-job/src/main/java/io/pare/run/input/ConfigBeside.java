package io.pare.run.input;

import io.pare.config.JobConfig;
import io.pare.io.HadoopFiles;
import io.pare.io.preprocessing.Preprocessing;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A preprocessing that a file says: {@code config} for the config.json beside the model, {@code
 * config:PATH} for another, {@code auto} for what is there, and overrides after a comma.
 *
 * @param path Hadoop path of the file
 * @param overrides as the user wrote them; may be empty
 */
public record ConfigBeside(String path, String overrides) {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigBeside.class);
  private static final Pattern CONFIG = Pattern.compile("config(?::([^,]+))?(?:,(.*))?");
  private static final Pattern AUTO = Pattern.compile("auto(?:,(.*))?");
  private static final String OTHERWISE = "torchvision";

  /** Hugging Face's, whose config.json says nothing of images; then timm's. */
  private static final List<String> USUAL = List.of("preprocessor_config.json", "config.json");

  private static final int LARGEST = 1 << 20;

  /**
   * The preprocessing of a network.
   *
   * @param height of its input
   * @param width of its input
   * @throws io.pare.InputException if the text or the file that it names says nothing that can be
   *     done
   */
  public static Preprocessing preprocessing(
      JobConfig.Network network, int height, int width, HadoopFiles files) {
    Matcher auto = AUTO.matcher(network.preprocessing());
    Optional<ConfigBeside> beside = auto.matches() ? found(network, auto, files) : of(network);
    if (beside.isPresent()) {
      LOG.info("preprocessing of {} is that of {}", network.model(), beside.get().path());
      return Preprocessing.ofConfig(beside.get().read(files), height, width);
    }
    String text =
        auto.matches() ? OTHERWISE + network.preprocessing().substring(4) : network.preprocessing();
    if (auto.matches()) {
      LOG.info("preprocessing of {} is {}: no file beside it says another", network.model(), text);
    }
    return Preprocessing.parse(text, height, width);
  }

  private static Optional<ConfigBeside> found(
      JobConfig.Network network, Matcher auto, HadoopFiles files) {
    String overrides = Optional.ofNullable(auto.group(1)).orElse("");
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
