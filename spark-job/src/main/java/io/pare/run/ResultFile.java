package io.pare.run;

import io.pare.PlainLine;
import io.pare.io.HadoopFiles;
import io.pare.io.publish.ResultPlaces;
import io.pare.report.RunResult;
import io.pare.run.input.HadoopSettings;
import io.pare.run.pipeline.WrittenNetwork;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of {@code --result-json}, for programs that see no exit code: of an application in
 * cluster mode, or behind a scheduler. A process that is killed leaves none.
 */
public final class ResultFile {
  private static final Logger LOG = LoggerFactory.getLogger(ResultFile.class);
  private static final int LARGEST = 64 << 20;
  private static final String OPTION = "--result-json";

  private static volatile Optional<ResultFile> current = Optional.empty();
  private static volatile boolean stopped;

  private final Optional<String> path;

  /** A file that is written if there is a path. */
  public ResultFile(Optional<String> path) {
    this.path = path;
  }

  /**
   * Removes what an earlier run said, which nobody must take for this one's.
   *
   * @throws io.pare.InputException if the file lies in a result, or cannot be written
   */
  public void clear() {
    requireWritable();
    current = Optional.of(this);
    path.ifPresent(file -> files().delete(file));
  }

  /**
   * Makes sure that the file can be written and does not lie in a result.
   *
   * @throws io.pare.InputException if it cannot, or does
   */
  public void requireWritable() {
    path.ifPresent(
        file -> {
          places().requireOutsideResults(OPTION, file);
          files().requireWritable(OPTION, file);
        });
  }

  /**
   * Makes sure that the file does not lie in what a run publishes.
   *
   * @param output Hadoop path of what is published
   */
  public void requireApart(String output) {
    path.ifPresent(file -> places().requireApart(OPTION, file, output));
  }

  /**
   * Tells what stands at the output, as it is read back from there.
   *
   * @param output Hadoop path of a complete result
   */
  public void published(RunResult.Status status, String output) {
    path.ifPresent(file -> write(file, readBack(status, output, files())));
  }

  /** Tells how a run ended that knows it itself. */
  public void tell(RunResult result) {
    path.ifPresent(file -> write(file, result));
  }

  /** What stands at an output. */
  public static RunResult readBack(RunResult.Status status, String output, HadoopFiles files) {
    String manifest = files.located(output + "/" + WrittenNetwork.MANIFEST);
    return RunResult.published(
        status,
        new RunResult.Place(
            files.resolve(output),
            manifest.substring(0, manifest.length() - WrittenNetwork.MANIFEST.length() - 1)),
        files.readAll(output + "/" + WrittenNetwork.MANIFEST, LARGEST),
        files.readAll(output + "/" + WrittenNetwork.REPORT, LARGEST));
  }

  /** Runs a part of the run; what ends it is told. */
  public <T> T telling(Supplier<T> work) {
    try {
      return work.get();
    } catch (Throwable e) { // also Spark's SparkException, which is checked but not declared
      failed(e);
      throw e;
    }
  }

  /** A failure to tell must not hide what is to be told. */
  private void failed(Throwable failure) {
    try {
      path.ifPresent(
          file ->
              write(
                  file,
                  RunResult.failed(
                      Failure.exitCode(failure), PlainLine.of(Failure.message(failure)))));
    } catch (RuntimeException e) {
      LOG.warn("{} could not be written", path.orElse(""), e);
    }
  }

  /**
   * Tells, in the file of the run that this process is about, that a signal ends it. What the run
   * says of itself from now on is not written any more.
   */
  public static void stopped(int exitCode, String message) {
    current
        .flatMap(file -> file.path)
        .ifPresent(file -> write(file, RunResult.stopped(exitCode, message)));
    stopped = true;
  }

  private static void write(String file, RunResult result) {
    if (stopped) {
      return;
    }
    files().write(file, result.json().getBytes(StandardCharsets.UTF_8));
  }

  /** Files as a process sees them that has no Spark application yet. */
  public static HadoopFiles files() {
    return new HadoopFiles(HadoopSettings.ofProcess());
  }

  private static ResultPlaces places() {
    return new ResultPlaces(HadoopSettings.ofProcess());
  }
}
