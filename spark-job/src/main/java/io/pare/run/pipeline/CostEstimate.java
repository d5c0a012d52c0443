package io.pare.run.pipeline;

import io.pare.algorithm.candidate.Mode;
import io.pare.algorithm.learning.Batches;
import io.pare.algorithm.learning.Extent;
import io.pare.algorithm.structure.LayerShape;
import io.pare.config.JobConfig;
import io.pare.model.InputShape;
import io.pare.model.Layer;
import io.pare.plan.LayerChoice;
import io.pare.run.input.SourceNetwork;
import io.pare.stage.layers.LayerGroups;
import io.pare.stage.recovery.RecoverNetworkStage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a compression will take, told before it begins: operations that follow from the network's
 * shapes and the options, at rates that were measured (operations.md, Cost). Of the right order of
 * magnitude, no more: how busy a machine is cannot be known.
 *
 * @param seconds by phase, if all cores do nothing else
 * @param cores that share the work
 * @param driverBytes peak of resident memory on the driver
 * @param executorBytes likewise on an executor of two cores
 */
public record CostEstimate(
    Map<String, Double> seconds, int cores, long driverBytes, long executorBytes) {
  /** Multiply-accumulates of a network's pass, and operations of products, in a core's second. */
  private static final double PASS = 40e9;

  private static final double PRODUCTS = 50e9;

  /** Seconds of a core for reading, decoding and resizing an image, and for each pass of it. */
  private static final double DECODING = 4e-3;

  private static final double IMAGE = 1e-3;

  /** Operations of a family's fits in units of d^3 and of n d^2, and seconds of any of them. */
  private static final double FACTORISATION = 6;

  private static final double FITS = 15;
  private static final double FAMILY = 0.5;

  /** Times the moments that a refit with its rounds after the activation takes. */
  private static final double ROUNDS = 2.5;

  /** Trials of a layer, the share of the network that each runs, and seconds to load a byte. */
  private static final double TRIALS = 3;

  private static final double TRIED = 0.4;
  private static final double LOADING = 20e-9;

  private static final Set<String> OF_LAYERS_THAT_CHANGE =
      Set.of("draw samples", "gather", "solve", "sensitivity", "refit");

  private static final double START = 1;
  private static final double SECONDS_OF_A_MINUTE = 60;

  /** Resident memory, less what grows with the weights and the largest Gram matrix. */
  private static final long DRIVER = 800_000_000L;

  private static final long EXECUTOR = 2_500_000_000L;

  /** What the images of a compression are. */
  public record Images(long calibration, long validation) {}

  /** The estimate for a network. */
  public static CostEstimate of(SourceNetwork source, JobConfig config, Images images, int cores) {
    Map<String, Double> work = work(source, config, images, cores);
    if (TargetCheck.holdAsItIs(source, config, config.planning().goal().targets())) {
      work.put("check values", work.get("draw samples"));
      work.keySet().removeAll(OF_LAYERS_THAT_CHANGE);
    } else {
      config
          .recovery()
          .extent()
          .ifPresent(
              extent ->
                  work.put(
                      "recover", learning(extent, source, config, images.calibration(), cores)));
    }
    Map<String, Double> seconds = new LinkedHashMap<>();
    work.forEach(
        (phase, needed) -> {
          if (needed > 0) {
            seconds.put(phase, START + needed / cores);
          }
        });
    long gram = largestGram(free(source, config), config.solver().wide().largestSystem());
    long weights = weightBytes(source);
    InputShape image = source.input();
    long learnedFrom =
        seconds.containsKey("recover")
            ? RecoverNetworkStage.held(images.calibration(), image.height(), image.width())
            : 0;
    return new CostEstimate(
        seconds,
        cores,
        DRIVER + 6 * weights + 2 * gram + 2 * learnedFrom,
        EXECUTOR + 5 * weights + 4 * gram + 2 * learnedFrom);
  }

  /**
   * How long a network learns at most: steps that nobody asked for may take their share of a job's
   * work. The rest of it is estimated for one core and without labelled images, so that the result
   * depends on neither.
   *
   * @param images that the job calibrates with
   */
  static Extent bounded(Extent extent, SourceNetwork source, JobConfig config, long images) {
    if (!(extent instanceof Extent.Automatic)) {
      return extent;
    }
    double rest =
        work(source, config, new Images(images, 0), 1).values().stream()
            .mapToDouble(seconds -> seconds)
            .sum();
    double share = config.recovery().share();
    return new Extent.Automatic(PASS * rest * share / (1 - share));
  }

  /**
   * Core seconds of the steps, if the compressed network computes half of what the original does.
   */
  private static double learning(
      Extent extent, SourceNetwork source, JobConfig config, long images, int cores) {
    if (extent instanceof Extent.Minutes given) {
      return cores * SECONDS_OF_A_MINUTE * given.count();
    }
    double macs = source.layers().total().macs();
    double image = RecoverNetworkStage.work(macs, macs / 2);
    long learnedFrom = (long) (images * (1 - config.calibration().heldOut()));
    Batches batches = Batches.of((int) Math.max(1, learnedFrom), config.solver().seed());
    Extent bounded = bounded(extent, source, config, images);
    int steps =
        bounded instanceof Extent.Automatic automatic
            ? automatic.steps(batches, image).orElse(0)
            : ((Extent.Steps) bounded).count();
    return steps * batches.size() * image / PASS;
  }

  private static List<Layer> free(SourceNetwork source, JobConfig config) {
    return LayerChoice.of(source.layers(), config.planning().rules()).free();
  }

  /** Core seconds by phase, without learning. */
  private static Map<String, Double> work(
      SourceNetwork source, JobConfig config, Images images, int cores) {
    List<Layer> layers = free(source, config);
    JobConfig.Calibration calibration = config.calibration();
    LayerGroups.Amount amount =
        new LayerGroups.Amount(
            calibration.samplesPerColumn(),
            calibration.positionsPerImage(),
            images.calibration(),
            calibration.heldOut(),
            config.solver().wide());
    double pass = IMAGE + source.layers().total().macs() / PASS;
    double moments =
        layers.stream()
            .mapToDouble(layer -> layer.groups() * amount.samples(layer) * row(layer.shape()))
            .sum();
    long families =
        config.solver().modes().stream()
            .map(config.solver()::familiesOf)
            .flatMap(Set::stream)
            .distinct()
            .count();
    double fits =
        layers.stream().mapToDouble(layer -> layer.groups() * families * fits(layer.shape())).sum();
    long tried = Math.min(config.planning().sensitivityImages(), images.calibration());
    double trial = tried * TRIED * pass + weightBytes(source) * LOADING;
    boolean refitted = config.solver().modes().stream().anyMatch(mode -> mode != Mode.SVD);
    Map<String, Double> work = new LinkedHashMap<>();
    work.put("measure original", images.validation() * (DECODING + pass));
    work.put("prepare images", images.calibration() * DECODING);
    work.put("draw samples", images.calibration() * pass);
    work.put("gather", moments / PRODUCTS);
    double solving = fits / PRODUCTS + layers.size() * families * FAMILY;
    work.put("solve", solving / (1 - config.solver().admmShare()));
    work.put("sensitivity", TRIALS * layers.size() * trial);
    // Level after level: the fits of a chain keep one core busy.
    work.put(
        "refit", refitted ? images.calibration() * pass + cores * ROUNDS * moments / PRODUCTS : 0);
    work.put(
        "quantize", config.precision().isCoded() ? coding(layers.size(), images, config, pass) : 0);
    work.put("evaluate", images.validation() * pass);
    return work;
  }

  /** Two passes for the ranges, and about a trial for each layer on the images of no fit. */
  private static double coding(int layers, Images images, JobConfig config, double pass) {
    double heldOut = images.calibration() * config.calibration().heldOut();
    return (2 * images.calibration() + layers * heldOut) * pass;
  }

  /** Operations of one sample: its share of the Gram matrix and of the targets. */
  private static double row(LayerShape shape) {
    double d = shape.columns();
    return 2 * d * (d + shape.outputs());
  }

  private static double fits(LayerShape shape) {
    double d = shape.columns();
    return FACTORISATION * d * d * d + FITS * shape.outputs() * d * d;
  }

  private static long weightBytes(SourceNetwork source) {
    return Float.BYTES * source.layers().total().weights();
  }

  /** Of a wider layer no task holds one. */
  private static long largestGram(List<Layer> layers, int largestSystem) {
    return layers.stream()
        .mapToLong(layer -> layer.shape().columns())
        .filter(d -> d <= largestSystem)
        .map(d -> Double.BYTES * d * d)
        .max()
        .orElse(0);
  }

  /** All phases together. */
  public double total() {
    return seconds.values().stream().mapToDouble(s -> s).sum();
  }

  /** In one line. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "estimate: %s on %d cores that do nothing else (%s); memory %.1f GB on the driver, %.1f GB on an executor",
        time(total()),
        cores,
        seconds.entrySet().stream()
            .map(phase -> phase.getKey() + " " + time(phase.getValue()))
            .collect(Collectors.joining(", ")),
        driverBytes / 1e9,
        executorBytes / 1e9);
  }

  private static String time(double seconds) {
    return String.format(
        Locale.ROOT, seconds < 120 ? "%.0f s" : "%.0f min", seconds < 120 ? seconds : seconds / 60);
  }
}
