package io.pare;

/** Text of others on one line, harmless to a terminal and to whoever reads it there. */
public final class PlainLine {
  private PlainLine() {}

  /**
   * Keeps a message on one line and harmless to a terminal: names from a model or a data set may
   * hold line breaks, escape sequences and marks that reverse the direction of writing.
   */
  public static String of(String message) {
    StringBuilder line = new StringBuilder(message.length());
    message
        .codePoints()
        .forEach(
            point -> {
              switch (Character.getType(point)) {
                case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    line.append(String.format("\\u%04x", point));
                default -> line.appendCodePoint(point);
              }
            });
    return line.toString();
  }
}
