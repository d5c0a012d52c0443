package io.pare.run;

import io.pare.Causes;
import io.pare.FullDiskException;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.util.Utils;

/**
 * Which disk is full: what failed may not know it, since Spark and native libraries write to local
 * folders of their own. Stateless.
 */
final class FullDisk {
  /** How Spark names the executor of a task that failed. */
  private static final Pattern EXECUTOR = Pattern.compile("\\((\\S+) executor (\\w+)\\)");

  /** The executor that a job without a cluster has. */
  private static final String DRIVER = "driver";

  private FullDisk() {}

  /** One line about the disk, if that is what ended a run. */
  static Optional<String> message(Throwable failure) {
    Causes causes = Causes.of(failure);
    Optional<String> reason = FullDiskException.reason(failure);
    if (reason.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> told =
        causes
            .first(FullDiskException.class)
            .map(Throwable::getMessage)
            .or(
                () ->
                    causes
                        .first(FileSystemException.class)
                        .map(FileSystemException::getFile)
                        .flatMap(file -> FullDiskException.of(file, failure))
                        .map(Throwable::getMessage));
    return told.or(() -> Optional.of(local(causes, reason.get())));
  }

  private static String local(Causes causes, String reason) {
    Matcher executor =
        EXECUTOR.matcher(causes.first(SparkException.class).map(Throwable::getMessage).orElse(""));
    boolean elsewhere = executor.find() && !executor.group(2).equals(DRIVER);
    String whose =
        elsewhere
            ? "executor %s on %s (spark.local.dir, or the folders that the cluster gives it)"
                .formatted(executor.group(2), executor.group(1))
            : "this machine (" + folders() + ")";
    return "no space is left on a local disk of %s: %s; free some, or set spark.local.dir to a larger disk"
        .formatted(whose, reason);
  }

  /** Where Spark and native libraries of this process put files. */
  private static String folders() {
    return Stream.concat(
            Arrays.stream(Utils.getConfiguredLocalDirs(new SparkConf())),
            Stream.of(
                System.getProperty("java.io.tmpdir"),
                System.getProperty(
                    "org.bytedeco.javacpp.cachedir",
                    System.getProperty("user.home") + "/.javacpp")))
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
