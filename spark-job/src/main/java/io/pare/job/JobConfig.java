package io.pare.job;

import io.pare.algorithm.candidate.Family;
import io.pare.io.publish.IfExists;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything a compression can be told, read once and checked as a whole. conf/pare.conf documents
 * each key. Immutable.
 *
 * @param network the network and what it takes in
 * @param reading how images are read
 * @param calibration what the layers are fitted on
 * @param validation what accuracy is measured on
 * @param solver the problem to solve
 * @param output where the result goes
 */
public record JobConfig(
    Network network,
    Reading reading,
    Calibration calibration,
    Validation validation,
    Solver solver,
    Output output) {

  /**
   * Height and width fed to the network, in pixels.
   *
   * @param height at least 1
   * @param width at least 1
   */
  public record InputSize(int height, int width) {

    /** A size of at least one pixel. */
    public InputSize {
      if (height < 1 || width < 1) {
        throw new IllegalArgumentException("height and width must be at least 1");
      }
    }

    /** Reads {@code HEIGHTxWIDTH}. */
    static InputSize parse(String text) {
      String[] parts = text.split("x", -1);
      try {
        if (parts.length == 2) {
          return new InputSize(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        }
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("must be HEIGHTxWIDTH, such as 224x224", e);
      }
      throw new IllegalArgumentException("must be HEIGHTxWIDTH, such as 224x224");
    }

    @Override
    public String toString() {
      return height + "x" + width;
    }
  }

  /**
   * The network and what it takes in.
   *
   * @param model Hadoop path of the ONNX file
   * @param preprocessing how an image becomes the input, as text
   * @param inputSize what to feed in place of the network's own size
   */
  public record Network(String model, String preprocessing, Optional<InputSize> inputSize) {

    static Optional<Network> of(Settings settings) {
      return settings.part(
          () ->
              new Network(
                  settings.requiredPath("model"),
                  settings.optional("preprocessing").orElse(""),
                  settings.parsedIfSet("input-size", InputSize::parse)));
    }

    void describe(Map<String, String> effective) {
      effective.put("model", model);
      effective.put("preprocessing", preprocessing);
      effective.put("input-size", inputSize.map(InputSize::toString).orElse(""));
    }
  }

  /**
   * How images are read and run.
   *
   * @param batchSize images of one forward pass, at least 1
   * @param maxBadImages share of unreadable images that is tolerated, from 0 to 1
   * @param pixelLimit most pixels of an image, at least 1
   * @param threads threads of a native library within a task; 0: spark.task.cpus
   */
  public record Reading(int batchSize, double maxBadImages, long pixelLimit, int threads) {

    /** Checks every range. */
    public Reading {
      Problems problems = new Problems();
      problems.atLeast("batch-size", batchSize, 1);
      problems.within("max-bad-images", maxBadImages, 0, 1);
      problems.atLeast("pixel-limit", pixelLimit, 1);
      problems.atLeast("threads", threads, 0);
      problems.throwIfAny();
    }

    static Optional<Reading> of(Settings settings) {
      return settings.part(
          () ->
              new Reading(
                  settings.integer("batch-size"),
                  settings.real("max-bad-images"),
                  settings.longInteger("pixel-limit"),
                  settings.integer("threads")));
    }

    void describe(Map<String, String> effective) {
      effective.put("batch-size", Integer.toString(batchSize));
      effective.put("max-bad-images", Double.toString(maxBadImages));
      effective.put("pixel-limit", Long.toString(pixelLimit));
      effective.put("threads", Integer.toString(threads));
    }
  }

  /**
   * What the layers are fitted on.
   *
   * @param images Hadoop path of the data set; labels are not read
   * @param limit images used, spread evenly over the data set; 0: all
   * @param samplesPerColumn samples gathered for each column of a layer's weight matrix
   * @param positionsPerImage most output positions sampled from one image and layer
   * @param heldOut share of the samples that judges the fit, in (0, 0.5]
   */
  public record Calibration(
      String images, int limit, int samplesPerColumn, int positionsPerImage, double heldOut) {

    /** Checks every range. */
    public Calibration {
      Problems problems = new Problems();
      problems.atLeast("calibration-images", limit, 0);
      problems.atLeast("samples-per-column", samplesPerColumn, 1);
      problems.atLeast("positions-per-image", positionsPerImage, 1);
      problems.aboveAndAtMost("validation-fraction", heldOut, 0, 0.5);
      problems.throwIfAny();
    }

    static Optional<Calibration> of(Settings settings) {
      return settings.part(
          () ->
              new Calibration(
                  settings.requiredPath("images"),
                  settings.integer("calibration-images"),
                  settings.integer("samples-per-column"),
                  settings.integer("positions-per-image"),
                  settings.real("validation-fraction")));
    }

    void describe(Map<String, String> effective) {
      effective.put("images", images);
      effective.put("calibration-images", Integer.toString(limit));
      effective.put("samples-per-column", Integer.toString(samplesPerColumn));
      effective.put("positions-per-image", Integer.toString(positionsPerImage));
      effective.put("validation-fraction", Double.toString(heldOut));
    }
  }

  /**
   * What accuracy is measured on.
   *
   * @param images Hadoop path of a labelled data set; empty: accuracy is not measured
   * @param synsets Hadoop path of the class names in label order
   * @param labels Hadoop path of labels that replace the data set's own
   */
  public record Validation(
      Optional<String> images, Optional<String> synsets, Optional<String> labels) {

    static Validation of(Settings settings) {
      return new Validation(
          settings.optionalPath("validation"),
          settings.optionalPath("synsets"),
          settings.optionalPath("labels"));
    }

    void describe(Map<String, String> effective) {
      effective.put("validation", images.orElse(""));
      effective.put("synsets", synsets.orElse(""));
      effective.put("labels", labels.orElse(""));
    }
  }

  /**
   * The problem to solve.
   *
   * @param target what to reach
   * @param forms low-rank forms tried for each layer, at least one
   * @param keep patterns of layer names that stay as they are; {@code *} for any characters
   * @param ridge pull towards the original weights relative to the mean diagonal of the Gram
   *     matrix, in (0, 1]
   * @param seed of every random draw
   */
  public record Solver(
      Target target, Set<Family> forms, List<String> keep, double ridge, long seed) {
    private static final String ALL = "all";

    /** Checks every range. */
    public Solver {
      forms = Set.copyOf(forms);
      keep = List.copyOf(keep);
      Problems problems = new Problems();
      if (forms.isEmpty()) {
        problems.add("forms is empty: name at least one of " + names(Family.values()));
      }
      problems.aboveAndAtMost("ridge", ridge, 0, 1);
      problems.throwIfAny();
    }

    static Optional<Solver> of(Settings settings) {
      return settings.part(
          () ->
              new Solver(
                  settings.parsed("target", Target::parse),
                  settings.parsed("forms", Solver::parseForms),
                  settings.list("keep"),
                  settings.real("ridge"),
                  settings.longInteger("seed")));
    }

    private static Set<Family> parseForms(String text) {
      if (text.equals(ALL)) {
        return EnumSet.allOf(Family.class);
      }
      return Settings.split(text).stream()
          .map(name -> oneOf(Family.values(), name))
          .collect(Collectors.toCollection(() -> EnumSet.noneOf(Family.class)));
    }

    void describe(Map<String, String> effective) {
      effective.put("target", target.toString());
      effective.put(
          "forms",
          forms.size() == Family.values().length
              ? ALL
              : forms.stream().sorted().map(JobConfig::name).collect(Collectors.joining(",")));
      effective.put("keep", String.join(",", keep));
      effective.put("ridge", Double.toString(ridge));
      effective.put("seed", Long.toString(seed));
    }
  }

  /**
   * Where the result goes.
   *
   * @param path Hadoop path of the directory to publish
   * @param ifExists what to do about a result that is already there
   */
  public record Output(String path, IfExists ifExists) {

    static Optional<Output> of(Settings settings) {
      return settings.part(
          () ->
              new Output(
                  settings.requiredPath("output"),
                  settings.parsed("if-exists", text -> oneOf(IfExists.values(), text))));
    }

    void describe(Map<String, String> effective) {
      effective.put("output", path);
      effective.put("if-exists", name(ifExists));
    }
  }

  /**
   * Reads the whole configuration.
   *
   * @throws io.pare.InputException with every problem
   */
  static JobConfig of(Settings settings) {
    Optional<Network> network = Network.of(settings);
    Optional<Reading> reading = Reading.of(settings);
    Optional<Calibration> calibration = Calibration.of(settings);
    Validation validation = Validation.of(settings);
    Optional<Solver> solver = Solver.of(settings);
    Optional<Output> output = Output.of(settings);
    return settings.finish(
        () ->
            new JobConfig(
                network.orElseThrow(),
                reading.orElseThrow(),
                calibration.orElseThrow(),
                validation,
                solver.orElseThrow(),
                output.orElseThrow()));
  }

  /**
   * Every key with its value, as they would stand in a configuration file: reading them again gives
   * an equal configuration.
   */
  public Map<String, String> effective() {
    Map<String, String> effective = new LinkedHashMap<>();
    network.describe(effective);
    reading.describe(effective);
    calibration.describe(effective);
    validation.describe(effective);
    solver.describe(effective);
    output.describe(effective);
    return effective;
  }

  private static <E extends Enum<E>> E oneOf(E[] values, String name) {
    return Arrays.stream(values)
        .filter(value -> name(value).equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("must be one of " + names(values)));
  }

  private static String names(Enum<?>[] values) {
    return Arrays.stream(values).map(JobConfig::name).collect(Collectors.joining(", "));
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
