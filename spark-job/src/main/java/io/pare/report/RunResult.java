package io.pare.report;

import com.fasterxml.jackson.annotation.JsonValue;
import io.pare.report.json.Json;
import io.pare.report.json.Missing;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a run ended, in the few figures that a program which started it decides on; all else is in
 * the published files.
 *
 * @param exitCode of the process
 * @param error the message of a failed run
 * @param output where the result is, in full
 * @param files the folder that its files are in, in full: on an object store one below the output
 * @param run id of the run that published it
 * @param source SHA-256 of the original network's file
 * @param target as configured
 * @param version of Pare that made the result
 * @param seconds on the wall clock that making it took
 * @param sha256 of the published files by name, the manifest among them
 * @param before the original network
 * @param after the published network
 * @param warnings of the run
 * @param models of a zoo, each with what became of it
 */
public record RunResult(
    Status status,
    int exitCode,
    Optional<String> error,
    Optional<String> output,
    Optional<String> files,
    Optional<String> run,
    Optional<String> source,
    Optional<String> target,
    Optional<String> version,
    Optional<Double> seconds,
    Map<String, String> sha256,
    Optional<Headline> before,
    Optional<Headline> after,
    List<Warning> warnings,
    List<ZooModel> models) {

  /** Copies what it holds. */
  public RunResult {
    warnings = Missing.orEmpty(warnings);
    models = Missing.orEmpty(models);
  }

  /** Whether there is a result. */
  public enum Status {
    /** This run has published it. */
    DONE,
    /** It was there already. */
    UP_TO_DATE,
    /** This run has published none. */
    FAILED,
    /** There was nothing to compress. */
    SKIPPED,
    /** A signal has ended this run before it could publish any. */
    STOPPED;

    /** The word in the file. */
    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * The figures of one network; rates are shares from 0 to 1 of the validation images, or without
   * any of the calibration images that no fit has seen, which have no labels; divergence is the
   * mean from the original's scores in nats.
   */
  public record Headline(
      long weights,
      long macs,
      long bytes,
      Optional<Long> images,
      Optional<Double> top1Rate,
      Optional<Double> top5Rate,
      Optional<Double> agreement,
      Optional<Double> divergence,
      Optional<Double> outputError,
      Optional<Double> latencyMillis) {

    private static Headline of(NetworkFigures figures) {
      return new Headline(
          figures.weights(),
          figures.macs(),
          figures.bytes(),
          figures.accuracy().map(Accuracy::images),
          figures.accuracy().filter(a -> a.labelled() > 0).map(Accuracy::top1Rate),
          figures.accuracy().filter(a -> a.labelled() > 0).map(Accuracy::top5Rate),
          figures.accuracy().flatMap(Accuracy::agreement),
          figures.accuracy().flatMap(Accuracy::divergence),
          figures.accuracy().flatMap(Accuracy::outputError),
          figures.latency().map(MeasuredLatency::medianMillis));
    }
  }

  /**
   * Where a result is.
   *
   * @param output in full
   * @param files the folder that its files are in, in full
   */
  public record Place(String output, String files) {}

  /**
   * A result that is there.
   *
   * @param manifest the published manifest.json
   * @param report the published report.json
   * @throws IllegalArgumentException if one of them is not such a file
   */
  public static RunResult published(Status status, Place place, byte[] manifest, byte[] report) {
    Manifest made = Json.read(text(manifest), Manifest.class);
    RunReport measured = Json.read(text(report), RunReport.class);
    Map<String, String> hashes = new TreeMap<>(made.files());
    hashes.put("manifest.json", sha256(manifest));
    return new RunResult(
        status,
        0,
        Optional.empty(),
        Optional.of(place.output()),
        Optional.of(place.files()),
        Optional.of(made.run()),
        Optional.of(made.source()),
        Optional.of(measured.target()),
        Optional.of(made.version()),
        Optional.of(measured.seconds().values().stream().mapToDouble(s -> s).sum()),
        hashes,
        Optional.of(Headline.of(measured.before())),
        Optional.of(Headline.of(measured.after())),
        measured.warnings(),
        List.of());
  }

  /**
   * A zoo.
   *
   * @param output folder that the results are below, in full
   * @param files that tell of them, by name
   */
  public static RunResult zoo(
      Status status, String output, Map<String, byte[]> files, List<ZooModel> models) {
    Map<String, String> hashes = new TreeMap<>();
    files.forEach((name, bytes) -> hashes.put(name, sha256(bytes)));
    return new RunResult(
        status,
        0,
        Optional.empty(),
        Optional.of(output),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        hashes,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        models);
  }

  /** The same of a run that has failed although it has results. */
  public RunResult failing(int code, String why) {
    return new RunResult(
        Status.FAILED,
        code,
        Optional.of(why),
        output,
        files,
        run,
        source,
        target,
        version,
        seconds,
        sha256,
        before,
        after,
        warnings,
        models);
  }

  /** A run that has failed. */
  public static RunResult failed(int exitCode, String error) {
    return without(Status.FAILED, exitCode, error);
  }

  /** A network with nothing to compress, among others that a run is about. */
  public static RunResult skipped(String why) {
    return without(Status.SKIPPED, 0, why);
  }

  /** A run that a signal has ended. */
  public static RunResult stopped(int exitCode, String error) {
    return without(Status.STOPPED, exitCode, error);
  }

  private static RunResult without(Status status, int exitCode, String why) {
    return new RunResult(
        status,
        exitCode,
        Optional.of(why),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of());
  }

  /** The file. */
  public String json() {
    return Json.write(this);
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
