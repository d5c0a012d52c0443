package io.pare.config;

import io.pare.model.OnnxNetwork;
import io.pare.model.output.OutputRules;
import io.pare.model.quantization.Precision;
import io.pare.model.rewrite.BoundInputs;
import io.pare.plan.AccuracyLimit;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All that a compression can be told, checked as a whole; conf/pare.conf says more. Immutable.
 *
 * @param network the network and what it takes in
 * @param reading how images are read
 * @param calibration what the layers are fitted on
 * @param validation what accuracy is measured on
 * @param solver the problem of each layer
 * @param planning the problem of the whole network
 * @param recovery whether the compressed network learns the original's outputs again
 * @param precision how the written network stores its weights
 * @param output where the result goes
 * @param zoo how several models are worked on
 */
public record JobConfig(
    Network network,
    Reading reading,
    Calibration calibration,
    Validation validation,
    SolverConfig solver,
    PlanningConfig planning,
    RecoveryConfig recovery,
    Precision precision,
    OutputConfig output,
    ZooConfig zoo) {
  /**
   * The network and what it takes in.
   *
   * @param model Hadoop path of the ONNX file
   * @param preprocessing how an image becomes the input, as text
   * @param inputSize to feed in place of the network's own
   * @param inputs values of the inputs that take no images
   * @param outputs what some of its outputs are
   * @param trialLimit what its first run may take
   */
  public record Network(
      String model,
      String preprocessing,
      Optional<InputSize> inputSize,
      FixedInputs inputs,
      OutputRules outputs,
      Duration trialLimit) {

    public static Optional<Network> of(Settings settings) {
      return settings.part(
          () ->
              new Network(
                  settings.requiredPath("model"),
                  settings.optional("preprocessing").orElse(""),
                  settings.parsedIfSet("input-size", InputSize::parse),
                  settings.parsedIfSet("inputs", FixedInputs::parse).orElse(FixedInputs.NONE),
                  settings.parsedIfSet("outputs", OutputRules::parse).orElse(OutputRules.NONE),
                  settings.seconds("trial-seconds")));
    }

    /** Another file that takes in the same. */
    public Network like(String other) {
      return new Network(other, preprocessing, inputSize, inputs, outputs, trialLimit);
    }

    /** A network as it was read, for the size that is fed to it and with its other inputs set. */
    public OnnxNetwork fed(OnnxNetwork read) {
      OnnxNetwork bound = BoundInputs.bind(read, inputs.values());
      return inputSize.map(size -> bound.forSize(size.height(), size.width())).orElse(bound);
    }

    void describe(Map<String, String> effective) {
      effective.put("model", model);
      effective.put("preprocessing", preprocessing);
      effective.put("input-size", inputSize.map(InputSize::toString).orElse(""));
      effective.put("inputs", inputs.toString());
      effective.put("outputs", outputs.toString());
      effective.put("trial-seconds", Long.toString(trialLimit.toSeconds()));
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

    public static Optional<Reading> of(Settings settings) {
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

    public static Optional<Calibration> of(Settings settings) {
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
   * @param labelOffset what is added to each label, at least 0; empty: told from the outputs
   */
  public record Validation(
      Optional<String> images,
      Optional<String> synsets,
      Optional<String> labels,
      Optional<Integer> labelOffset) {
    private static final String AUTO = "auto";

    private static Optional<Integer> offset(String text) {
      if (text.equals(AUTO)) {
        return Optional.empty();
      }
      if (!text.matches("\\d{1,6}")) {
        throw new IllegalArgumentException("must be auto or a number from 0");
      }
      return Optional.of(Integer.valueOf(text));
    }

    public static Validation of(Settings settings) {
      return new Validation(
          settings.optionalPath("validation"),
          settings.optionalPath("synsets"),
          settings.optionalPath("labels"),
          settings.parsed("label-offset", Validation::offset));
    }

    void describe(Map<String, String> effective) {
      effective.put("validation", images.orElse(""));
      effective.put("synsets", synsets.orElse(""));
      effective.put("labels", labels.orElse(""));
      effective.put("label-offset", labelOffset.map(String::valueOf).orElse(AUTO));
    }
  }

  /**
   * Reads the whole configuration.
   *
   * @throws io.pare.InputException with every problem
   */
  public static JobConfig of(Settings settings) {
    Optional<Network> network = Network.of(settings);
    Optional<Reading> reading = Reading.of(settings);
    Optional<Calibration> calibration = Calibration.of(settings);
    Validation validation = Validation.of(settings);
    Optional<SolverConfig> solver = SolverConfig.of(settings);
    Optional<PlanningConfig> planning = PlanningConfig.of(settings);
    Optional<RecoveryConfig> recovery = RecoveryConfig.of(settings);
    Precision precision =
        settings.parsed("precision", text -> Constants.oneOf(Precision.values(), text));
    Optional<OutputConfig> output = OutputConfig.of(settings);
    Optional<ZooConfig> zoo = ZooConfig.of(settings);
    planning
        .filter(plan -> plan.limits(AccuracyLimit.Kind.MAX_TOP1_DROP))
        .ifPresent(plan -> settings.required("validation"));
    return settings.finish(
        () ->
            new JobConfig(
                network.orElseThrow(),
                reading.orElseThrow(),
                calibration.orElseThrow(),
                validation,
                solver.orElseThrow(),
                planning.orElseThrow(),
                recovery.orElseThrow(),
                precision,
                output.orElseThrow(),
                zoo.orElseThrow()));
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
    planning.describe(effective);
    recovery.describe(effective);
    effective.put("precision", Constants.name(precision));
    output.describe(effective);
    zoo.describe(effective);
    return effective;
  }

  static boolean yes(String text) {
    if (!text.equals("yes") && !text.equals("no")) {
      throw new IllegalArgumentException("must be yes or no");
    }
    return text.equals("yes");
  }
}
