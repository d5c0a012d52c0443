package io.pare.report.page;

import java.util.List;
import java.util.Map;

/** Which CSS class shows what: one place for the colours' meaning. */
final class Look {
  /** Kinds of structure by the word that their label starts with. */
  private static final Map<String, String> FORMS =
      Map.of(
          "channel", "channel form",
          "spatial", "spatial form",
          "tucker", "Tucker-2 form",
          "chain", "chain form",
          "inputs", "kept inputs",
          "filters", "kept filters",
          "keep", "as it was");

  /** What reports of version 0.1 call kept inputs. */
  private static final String OLD_INPUTS = "channels";

  private static final List<String> MODES =
      List.of("svd", "whitened", "prune", "low-rank-relu", "full");
  private static final int MODE_COLOURS = 8;

  private Look() {}

  /** The class of a component such as {@code spatial(40)}. */
  static String form(String component) {
    String word = word(component);
    return FORMS.containsKey(word) ? "form-" + word : "form-other";
  }

  /** What the component is called in a legend. */
  static String formName(String component) {
    return FORMS.getOrDefault(word(component), "other");
  }

  /** The class of a mode of the comparison; {@code place} counts the modes that are shown. */
  static String mode(String mode, int place) {
    int known = MODES.indexOf(mode);
    return "mode-" + (known >= 0 ? known : (MODES.size() + place) % MODE_COLOURS);
  }

  private static String word(String component) {
    int end = component.indexOf('(');
    String word = end < 0 ? component : component.substring(0, end);
    return word.equals(OLD_INPUTS) ? "inputs" : word;
  }

  /** An entry of a legend. */
  static Element key(String classes, String text) {
    return Element.of("span", "key")
        .add(Element.of("i", "swatch " + classes))
        .add(Element.of("span").text(text));
  }

  /** A section with a heading and a sentence that says how to read it. */
  static Element section(String heading, String explanation) {
    Element section = Element.of("section").add(Element.of("h2").text(heading));
    return explanation.isEmpty() ? section : section.add(Element.of("p", "lead").text(explanation));
  }
}
