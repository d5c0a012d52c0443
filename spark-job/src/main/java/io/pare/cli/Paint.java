package io.pare.cli;

import java.util.List;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * Colours for a terminal, none where there is none or {@code NO_COLOR} is set. The text itself is
 * never searched for markup: it may hold names from a model.
 *
 * @param styles that are in use: all or none
 */
record Paint(List<Style> styles) {

  /** Colours where that setting has them. */
  static Paint of(Ansi ansi) {
    return new Paint(ansi.enabled() ? List.of(Style.bold, Style.faint, Style.fg_green) : List.of());
  }

  String bold(String text) {
    return styled(Style.bold, text);
  }

  String faint(String text) {
    return styled(Style.faint, text);
  }

  String green(String text) {
    return styled(Style.fg_green, text);
  }

  private String styled(Style style, String text) {
    IStyle[] one = {style};
    return styles.contains(style) ? Style.on(one) + text + Style.off(one) : text;
  }
}
