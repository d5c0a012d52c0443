package io.pare.testing;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the documentation, read as GitHub shows it.
 *
 * @param file where it is, for what it links to
 * @param text the Markdown
 */
public record MarkdownPage(Path file, String text) {
  private static final Pattern BLOCK =
      Pattern.compile("^ *```(\\w*)\n(.*?)^ *```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern CODE = Pattern.compile("`[^`\n]+`");
  private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.+?) *$", Pattern.MULTILINE);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");
  private static final Set<String> NOT_OURS = Set.of("target", ".git", ".venv", "node_modules");

  /** Reads a page. */
  public static MarkdownPage read(Path file) throws IOException {
    return new MarkdownPage(file, Files.readString(file));
  }

  /** All pages below a folder, but for those that a build has made. */
  public static List<MarkdownPage> below(Path folder) throws IOException {
    List<MarkdownPage> pages = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
            return NOT_OURS.contains(visited.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path visited, BasicFileAttributes attributes)
              throws IOException {
            if (visited.toString().endsWith(".md")) {
              pages.add(read(visited));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return pages;
  }

  /**
   * The fenced blocks of code in their order.
   *
   * @param language behind the fence; may be empty
   */
  public List<String> blocks(String language) {
    return BLOCK
        .matcher(text)
        .results()
        .filter(block -> block.group(1).equals(language))
        .map(block -> block.group(2))
        .toList();
  }

  /** The texts of the headings in their order. */
  public List<String> headings() {
    return HEADING
        .matcher(BLOCK.matcher(text).replaceAll(""))
        .results()
        .map(heading -> heading.group(1))
        .toList();
  }

  /** What a link can name behind {@code #}. */
  Set<String> anchors() {
    Set<String> anchors = new LinkedHashSet<>();
    Map<String, Integer> seen = new HashMap<>();
    for (String heading : headings()) {
      String anchor =
          heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
      int before = seen.merge(anchor, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? anchor : anchor + "-" + before);
    }
    return anchors;
  }

  /** The links within the project that lead to no file, or to no heading of a page. */
  public List<String> brokenLinks() throws IOException {
    List<String> broken = new ArrayList<>();
    String prose = CODE.matcher(BLOCK.matcher(text).replaceAll("")).replaceAll("");
    Matcher link = LINK.matcher(prose);
    while (link.find()) {
      String target = link.group(1);
      if (!ELSEWHERE.matcher(target).matches() && !resolves(target)) {
        broken.add(target);
      }
    }
    return broken;
  }

  private boolean resolves(String target) throws IOException {
    String[] parts = target.split("#", 2);
    Path there = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]).normalize();
    if (parts.length == 1) {
      return Files.exists(there);
    }
    MarkdownPage page = parts[0].isEmpty() ? this : read(there);
    return page.anchors().contains(parts[1]);
  }
}
