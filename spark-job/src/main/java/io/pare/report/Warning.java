package io.pare.report;

import io.pare.report.json.Missing;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Something about a run that its result does not show and that its user should know.
 *
 * @param code what kind of thing, as {@link Code} or a newer version names it
 * @param text in one sentence, with figures
 * @param place layers, data set or option that it is about
 */
public record Warning(String code, String text, String place) {

  /** What a run warns of. */
  public enum Code {
    /** Layers whose fit has so few samples that it follows noise. */
    FEW_SAMPLES("few-samples"),
    /** Nobody said how images become the network's input. */
    PREPROCESSING_GUESSED("preprocessing-guessed"),
    /**
     * The original does so badly on the labelled images that preprocessing or labels may be wrong.
     */
    ORIGINAL_ACCURACY("original-accuracy"),
    /** The written network differs from the original more than its plan expected. */
    DIVERGENCE_UNPLANNED("divergence-unplanned"),
    /** Images that could not be read and were left out. */
    BAD_IMAGES("bad-images"),
    /** Entries of an archive that look like images and are none, such as links. */
    IMAGES_SKIPPED("images-skipped"),
    /** Other processes were at work while latency was measured. */
    LATENCY_UNDER_LOAD("latency-under-load"),
    /** The written network is smaller and takes as long as the original. */
    NOT_FASTER("not-faster");

    private final String text;

    Code(String text) {
      this.text = text;
    }
  }

  public Warning {
    Missing.refuse(code, text, place);
  }

  public static Warning of(Code code, String text, String place) {
    return new Warning(code.text, text, place);
  }

  /** The warning as a line of a log or a terminal. */
  public String line() {
    return "%s: %s: %s".formatted(code, place, text);
  }

  /**
   * How many warnings there are and of what kinds, to follow a last line; empty where there are
   * none.
   */
  public static String summary(List<Warning> warnings) {
    if (warnings.isEmpty()) {
      return "";
    }
    String codes =
        warnings.stream().map(Warning::code).distinct().collect(Collectors.joining(", "));
    return ", with %d %s (%s)"
        .formatted(warnings.size(), warnings.size() == 1 ? "warning" : "warnings", codes);
  }
}
