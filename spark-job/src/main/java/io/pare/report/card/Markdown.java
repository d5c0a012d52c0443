package io.pare.report.card;

import java.util.List;

/** Markdown in which no name can become markup. Pure functions. */
final class Markdown {
  private Markdown() {}

  /**
   * A code span that holds any text as it is: its fence is longer than any run of back quotes in
   * it. Control characters, which would end a line, become blanks; bars are escaped, since tables
   * are cut at them before spans are looked for.
   */
  static String code(String text) {
    String line = oneLine(text);
    if (line.isBlank()) {
      return "";
    }
    String fence = "`";
    while (line.contains(fence)) {
      fence += "`";
    }
    return fence + " " + line.replace("|", "\\|") + " " + fence;
  }

  /** Text of ours with names in it: whatever could be markup is escaped. */
  static String text(String text) {
    return oneLine(text).replaceAll("([\\\\`*_{}\\[\\]()#+!|<>&~:@])", "\\\\$1");
  }

  /** A value of the head of the file: a double-quoted scalar of YAML, which JSON's strings are. */
  static String yaml(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char character : oneLine(text).toCharArray()) {
      if (character == '"' || character == '\\') {
        quoted.append('\\');
      }
      quoted.append(character);
    }
    return quoted.append('"').toString();
  }

  /** A line of a table. */
  static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  private static String oneLine(String text) {
    return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]", " ").strip();
  }
}
