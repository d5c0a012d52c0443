package io.pare.report.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What every page has around its content: no script, and nothing fetched from anywhere. */
final class Page {
  private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

  private Page() {}

  /** A whole file. */
  static String of(String title, Element main) {
    Element body = Element.of("body").add(main);
    return "<!DOCTYPE html>\n"
        + Element.of("html").with("lang", "en").add(head(title), body)
        + "\n";
  }

  private static Element head(String title) {
    return Element.of("head")
        .add(Element.of("meta").with("charset", "utf-8"))
        .add(
            Element.of("meta")
                .with("http-equiv", "Content-Security-Policy")
                .with("content", POLICY))
        .add(
            Element.of("meta")
                .with("name", "viewport")
                .with("content", "width=device-width, initial-scale=1"))
        .add(Element.of("meta").with("name", "color-scheme").with("content", "light dark"))
        .add(Element.of("title").text(title))
        .add(Element.style(styleSheet()));
  }

  private static String styleSheet() {
    try (InputStream in = Page.class.getResourceAsStream("report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the style sheet cannot be read from the jar", e);
    }
  }
}
