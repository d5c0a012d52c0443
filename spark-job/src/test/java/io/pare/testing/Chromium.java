package io.pare.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Chromium of this machine, without a window. */
public final class Chromium {
  private static final int MOST_SECONDS = 60;
  private static final Pattern MEASURED = Pattern.compile("data-measured=\"([^\"]*)\"");

  /**
   * Holds the page in a frame, since a window has a least width, and writes what there is to know
   * of it into an attribute of its own root.
   */
  private static final String FRAME =
      """
      <!DOCTYPE html><meta charset="utf-8">
      <iframe style="border: 0; width: %dpx; height: 900px" srcdoc="%s"></iframe>
      <script>
      addEventListener('load', () => {
        const page = document.querySelector('iframe').contentWindow;
        const root = page.document.documentElement;
        const wide = [...root.querySelectorAll('body *')]
          .filter(e => !e.closest('.scroll'))
          .filter(e => e.getBoundingClientRect().right > page.innerWidth + 0.5)
          .map(e => e.tagName + '.' + (e.className.baseVal ?? e.className));
        const measured = [page.innerWidth, root.scrollWidth, root.scrollHeight,
          page.performance.getEntriesByType('resource').length, wide.slice(0, 5).join(' ')];
        document.documentElement.setAttribute('data-measured', measured.join('|'));
      });
      </script>
      """;

  private final String executable;
  private final Path folder;

  private Chromium(String executable, Path folder) {
    this.executable = executable;
    this.folder = folder;
  }

  /**
   * The browser, where there is one.
   *
   * @param folder for its files
   */
  public static Optional<Chromium> find(Path folder) {
    Stream<String> path =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .map(entry -> entry + "/chromium");
    return Stream.concat(path, Stream.of("/usr/bin/chromium"))
        .filter(file -> Files.isExecutable(Path.of(file)))
        .findFirst()
        .map(file -> new Chromium(file, folder));
  }

  /**
   * How a page lies in a window.
   *
   * @param window its width in pixels, as the page sees it
   * @param width that the page takes
   * @param height that the page takes
   * @param requests that it made for other files
   * @param tooWide first few elements that stick out on the right
   */
  public record Layout(int window, int width, int height, int requests, String tooWide) {}

  /**
   * Opens a page, its content policy taken off so that it can be measured and could ask for
   * whatever it wanted.
   */
  public Layout measure(String page, int width) throws IOException, InterruptedException {
    String open = page.replaceFirst("<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "");
    if (open.equals(page)) {
      throw new IllegalArgumentException("the page has no content policy");
    }
    Path file = folder.resolve("measured.html");
    String quoted = open.replace("&", "&amp;").replace("\"", "&quot;");
    Files.writeString(file, FRAME.formatted(width, quoted));
    String dom = run(List.of("--dump-dom", "--window-size=1600,1000", file.toUri().toString()));
    Matcher measured = MEASURED.matcher(dom);
    if (!measured.find()) {
      throw new IllegalStateException("the page was not measured: " + dom);
    }
    String[] parts = measured.group(1).split("\\|", 5);
    return new Layout(
        Integer.parseInt(parts[0]),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        Integer.parseInt(parts[3]),
        parts[4]);
  }

  /**
   * Writes a picture of a page.
   *
   * @param options more options, such as {@link #DARK}
   */
  public void picture(String page, Path png, String size, String... options)
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("pictured.html"), page);
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.add("--window-size=" + size);
    arguments.add("--screenshot=" + png.toAbsolutePath());
    arguments.add(file.toUri().toString());
    run(arguments);
  }

  /** Has a page think that the user likes dark colours. */
  public static final String DARK = "--blink-settings=preferredColorScheme=0";

  private String run(List<String> arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                executable,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--user-data-dir=" + folder.resolve("profile")));
    command.addAll(arguments);
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(folder.resolve("error.txt").toFile())
            .start();
    if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IllegalStateException("Chromium did not end in " + MOST_SECONDS + " s");
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }
}
