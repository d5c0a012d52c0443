package io.pare.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.opentest4j.TestAbortedException;

/**
 * Networks and images that are too large to be part of the project. They lie in the folder that the
 * system property {@code pare.shared} names; a test that needs what is not there is skipped.
 */
public final class SharedMaterial {
  private static final String PROPERTY = "pare.shared";

  private SharedMaterial() {}

  /** The file or folder, if it is there. */
  public static Optional<Path> find(String relative) {
    Path path = Path.of(System.getProperty(PROPERTY, "../../shared")).resolve(relative);
    return Optional.of(path.toAbsolutePath().normalize()).filter(Files::exists);
  }

  /** The file or folder; the test is skipped if it is not there. */
  public static Path require(String relative) {
    return find(relative)
        .orElseThrow(
            () ->
                new TestAbortedException(
                    "needs " + relative + " in the folder that -D" + PROPERTY + " names"));
  }
}
