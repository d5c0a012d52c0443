package io.pare.run.input;

import io.pare.InputException;
import io.pare.config.JobConfig;
import io.pare.io.HadoopFiles;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How images become the input of a network, and who says so. What is configured comes first. With
 * {@code auto} it is what the network carries, where Pare wrote it; then what a file beside it
 * says; then a guess.
 *
 * @param preprocessing to the network's input
 * @param origin of it
 */
public record ChosenPreprocessing(Preprocessing preprocessing, Origin origin) {
  /** Key of a network's metadata under which Pare keeps the preprocessing. */
  public static final String METADATA = "pare.preprocessing";

  private static final Logger LOG = LoggerFactory.getLogger(ChosenPreprocessing.class);
  private static final Pattern AUTO = Pattern.compile("auto(?:,(.*))?");
  private static final String GUESS = "torchvision";
  private static final String GUESS_OF_GREY = "torchvision,channels=grey,mean=0.5,std=0.5";

  /** Who says how images become the input. */
  public enum Origin {
    /** The configuration, or a file that it names. */
    CONFIGURED,
    /** The metadata of the network. */
    NETWORK,
    /** A file beside the network. */
    FILE,
    /** Nobody. */
    GUESSED
  }

  /**
   * Chooses the preprocessing of a network.
   *
   * @param original the network, whose metadata may tell
   * @param input what it takes
   * @throws io.pare.InputException if the text or the file that is chosen says nothing that can be
   *     done
   */
  public static ChosenPreprocessing of(
      JobConfig.Network network, OnnxNetwork original, InputShape input, HadoopFiles files) {
    int height = input.height();
    int width = input.width();
    Matcher auto = AUTO.matcher(network.preprocessing());
    if (!auto.matches()) {
      return configured(network, height, width, files);
    }
    String overrides = Optional.ofNullable(auto.group(1)).orElse("");
    Optional<String> carried = Optional.ofNullable(original.metadata().get(METADATA));
    ChosenPreprocessing chosen =
        carried
            .map(text -> Preprocessing.amended(text, overrides, height, width))
            .map(found -> new ChosenPreprocessing(found, Origin.NETWORK))
            .or(
                () ->
                    ConfigBeside.found(network, overrides, files)
                        .map(file -> Preprocessing.ofConfig(file.read(files), height, width))
                        .map(found -> new ChosenPreprocessing(found, Origin.FILE)))
            .orElseGet(
                () ->
                    new ChosenPreprocessing(
                        Preprocessing.amended(
                            input.channels() == 1 ? GUESS_OF_GREY : GUESS,
                            overrides,
                            height,
                            width),
                        Origin.GUESSED));
    LOG.info(
        "preprocessing of {} is {}, {}",
        network.model(),
        chosen.preprocessing().canonical(),
        switch (chosen.origin()) {
          case NETWORK -> "as it says itself";
          case FILE -> "as a file beside it says";
          default -> "a guess: neither it nor a file beside it says another";
        });
    return chosen;
  }

  /**
   * What two networks that are compared on the same images have in common: a guess gives way.
   *
   * @throws InputException where neither is a guess and they differ
   */
  public static ChosenPreprocessing common(ChosenPreprocessing first, ChosenPreprocessing second) {
    if (first.origin == Origin.GUESSED) {
      return second;
    }
    if (second.origin != Origin.GUESSED && !second.preprocessing.equals(first.preprocessing)) {
      throw InputException.usage(
          "the networks have different preprocessing, %s and %s: set preprocessing to what both are to see"
              .formatted(first.preprocessing.canonical(), second.preprocessing.canonical()));
    }
    return first;
  }

  private static ChosenPreprocessing configured(
      JobConfig.Network network, int height, int width, HadoopFiles files) {
    Preprocessing preprocessing =
        ConfigBeside.of(network)
            .map(file -> Preprocessing.ofConfig(file.read(files), height, width))
            .orElseGet(() -> Preprocessing.parse(network.preprocessing(), height, width));
    return new ChosenPreprocessing(preprocessing, Origin.CONFIGURED);
  }
}
