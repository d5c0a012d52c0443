package io.pare.run.progress;

import io.pare.InputException;
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
   * Refuses a machine that the natives in the jar are not for, where they would crash or be missed.
   *
   * @throws InputException that says which machines they are for
   */
  public static void require() {
    require(System.getProperty("os.arch"), line("flags"));
  }

  /** A machine that does not tell its flags is taken at its word. */
  static void require(String architecture, Optional<String> flags) {
    boolean fast = flags.map(Processor::words).map(words -> words.contains("avx2")).orElse(true);
    if (!architecture.equals("amd64") || !fast) {
      throw InputException.usage(
          "the natives in the jar are for x86-64 with AVX2, and this machine is "
              + (fast ? architecture : architecture + " without AVX2")
              + ": run driver and executors on other nodes");
    }
  }

  private static List<String> words(String line) {
    return Arrays.asList(line.split("\\s+"));
  }

  /**
   * The instructions that multiply and add eight-bit numbers: without them a network of eight bits
   * is smaller, but hardly faster.
   */
  public static String codes() {
    Optional<String> flags = line("flags");
    if (flags.isEmpty()) {
      return "of an unknown processor";
    }
    List<String> words = words(flags.get());
    List<String> known = EIGHT_BIT.stream().filter(words::contains).toList();
    return known.isEmpty() ? "without VNNI" : "with " + String.join(", ", known);
  }

  /** What it is called. */
  public static String name() {
    return line("model name")
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .orElse("unknown");
  }

  private static Optional<String> line(String name) {
    try {
      return Files.readAllLines(DESCRIPTION).stream()
          .filter(line -> line.startsWith(name))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
