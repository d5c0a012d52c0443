package io.pare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * No space is left where something is to be written, on a disk or below a quota. No other input
 * would mend it, and no stack trace helps: the message says in one line which disk it is.
 */
public final class FullDiskException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  /** As the system and HDFS put it; in another JVM's exceptions there is nothing else to go by. */
  private static final Pattern REASON =
      Pattern.compile("No space left on device|[^\\n:]*[Qq]uota[^\\n]*? exceeded[^\\n]{0,100}");

  private FullDiskException(String message, IOException cause) {
    super(message, cause);
  }

  /**
   * The failure with its place, if it is that no space was left.
   *
   * @param place path that was written to, of a local disk or of another file system
   */
  public static Optional<FullDiskException> of(String place, Throwable failure) {
    return reason(failure)
        .map(
            reason ->
                new FullDiskException(
                    "no space is left for %s%s: %s; free some, or name another place"
                        .formatted(place, store(place), reason),
                    failure instanceof IOException io ? io : new IOException(failure)));
  }

  /** What says, anywhere among the causes, that no space was left. */
  public static Optional<String> reason(Throwable failure) {
    return Causes.of(failure).stream()
        .map(cause -> REASON.matcher(String.valueOf(cause.getMessage())))
        .filter(Matcher::find)
        .map(told -> told.group().strip())
        .findFirst();
  }

  /** The disk below a local path, and how full it is now. */
  private static String store(String place) {
    String local = place.startsWith("file:") ? place.replaceFirst("^file:/*", "/") : place;
    if (!local.startsWith("/")) {
      return "";
    }
    try {
      Path there = Path.of(local);
      while (there.getParent() != null && !Files.exists(there)) {
        there = there.getParent();
      }
      FileStore store = Files.getFileStore(there);
      return " on the disk %s (%,d of %,d kB free)"
          .formatted(store, store.getUsableSpace() >> 10, store.getTotalSpace() >> 10);
    } catch (IOException | RuntimeException e) {
      return ""; // where it is said, no more can be done
    }
  }
}
