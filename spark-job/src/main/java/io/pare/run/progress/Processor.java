package io.pare.run.progress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is known of this machine's processor. Stateless. */
public final class Processor {
  private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");
  private static final List<String> EIGHT_BIT = List.of("amx_int8", "avx512_vnni", "avx_vnni");

  private Processor() {}

  /**
   * The instructions that multiply and add eight-bit numbers: without them a network of eight bits
   * is smaller, but hardly faster.
   */
  public static String codes() {
    Optional<String> flags = flags();
    if (flags.isEmpty()) {
      return "of an unknown processor";
    }
    List<String> words = Arrays.asList(flags.get().split("\\s+"));
    List<String> known = EIGHT_BIT.stream().filter(words::contains).toList();
    return known.isEmpty() ? "without VNNI" : "with " + String.join(", ", known);
  }

  private static Optional<String> flags() {
    try {
      return Files.readAllLines(DESCRIPTION).stream()
          .filter(line -> line.startsWith("flags"))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
