package io.pare.run;

import io.pare.io.HadoopFiles;
import io.pare.report.RunResult;
import io.pare.run.pipeline.WrittenNetwork;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of {@code --result-json}, for programs that see no exit code: of an application in
 * cluster mode, or behind a scheduler. A process that is killed leaves none.
 */
public final class ResultFile {
  private static final Logger LOG = LoggerFactory.getLogger(ResultFile.class);
  private static final int LARGEST = 64 << 20;

  private final Optional<String> path;

  /** A file that is written if there is a path. */
  public ResultFile(Optional<String> path) {
    this.path = path;
  }

  /** Removes what an earlier run said, which nobody must take for this one's. */
  public void clear() {
    path.ifPresent(file -> files().delete(file));
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
    return RunResult.published(
        status,
        files.resolve(output),
        files.readAll(output + "/" + WrittenNetwork.MANIFEST, LARGEST),
        files.readAll(output + "/" + WrittenNetwork.REPORT, LARGEST));
  }

  /** Tells what ended the run; a failure to tell must not hide it. */
  public void failed(Throwable failure) {
    try {
      path.ifPresent(
          file ->
              write(
                  file,
                  RunResult.failed(
                      Failure.exitCode(failure), Failure.escape(Failure.message(failure)))));
    } catch (RuntimeException e) {
      LOG.warn("{} could not be written", path.orElse(""), e);
    }
  }

  private static void write(String file, RunResult result) {
    files().write(file, result.json().getBytes(StandardCharsets.UTF_8));
  }

  /** Files as a process sees them that has no Spark application yet. */
  public static HadoopFiles files() {
    return new HadoopFiles(SparkHadoopUtil.get().newConfiguration(new SparkConf()));
  }
}
