package io.pare.report.page;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An element of HTML or SVG under construction. Whatever is put into it as text or as the value of
 * an attribute is escaped here, and there is no other way in, so that no name from a model or a
 * data set can become markup. Not thread-safe.
 */
final class Element {
  private static final Set<String> VOID = Set.of("meta", "br");
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]*");
  private static final char REPLACEMENT = '\uFFFD';

  private final String name;
  private final StringBuilder attributes = new StringBuilder();
  private final StringBuilder content = new StringBuilder();

  private Element(String name) {
    this.name = requireName(name);
  }

  /** An empty element. */
  static Element of(String name) {
    return new Element(name);
  }

  /** An empty element of one or more CSS classes, parted by blanks. */
  static Element of(String name, String classes) {
    return of(name).with("class", classes);
  }

  /** The style sheet of the page, a resource of ours: the one text that is not escaped. */
  static Element style(String css) {
    if (css.contains("<")) {
      throw new IllegalArgumentException("a style sheet could end its element");
    }
    Element style = of("style");
    style.content.append(css);
    return style;
  }

  /** Adds an attribute. */
  Element with(String attribute, String value) {
    attributes.append(' ').append(requireName(attribute)).append("=\"");
    escape(value, attributes);
    attributes.append('"');
    return this;
  }

  /** Adds an attribute of type number, to a tenth. */
  Element with(String attribute, double value) {
    return with(attribute, String.format(Locale.ROOT, "%.1f", value));
  }

  /** Places the element by one CSS property, as a share of what it stands in. */
  Element placed(String property, double share) {
    return with("style", String.format(Locale.ROOT, "%s:%.2f%%", property, 100 * share));
  }

  /** Appends text. */
  Element text(String text) {
    escape(text, content);
    return this;
  }

  /** Appends elements. */
  Element add(Element... children) {
    for (Element child : children) {
      child.append(content);
    }
    return this;
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    append(out);
    return out.toString();
  }

  private void append(StringBuilder out) {
    out.append('<').append(name).append(attributes).append('>');
    if (!VOID.contains(name)) {
      out.append(content).append("</").append(name).append('>');
    }
  }

  private static String requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(name + " is no name of an element or attribute");
    }
    return name;
  }

  /** Control and formatting characters, which could turn the direction of writing, are replaced. */
  private static void escape(String text, StringBuilder out) {
    text.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(printable(point) ? point : REPLACEMENT);
              }
            });
  }

  private static boolean printable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
