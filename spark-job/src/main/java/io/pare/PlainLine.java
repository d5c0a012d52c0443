package io.pare;

/** Text of others on one line, harmless to a terminal and to whoever reads it there. */
public final class PlainLine {
  private PlainLine() {}

  /**
   * The first line of a message, cut off where it is too long: exceptions may hold whole stack
   * traces of others.
   *
   * @param longest number of characters that the line may have, at least 3
   */
  public static String first(String message, int longest) {
    String line = of(message.lines().findFirst().orElse(""));
    return line.length() <= longest ? line : line.substring(0, longest - 3) + "...";
  }

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
