package io.pare.report.page;

import io.pare.report.figure.Scale;
import java.util.List;
import java.util.Locale;

/**
 * A chart that takes whatever width there is: the drawing is stretched, while text, strokes and
 * dots keep their size. Not thread-safe.
 */
final class Plot {
  private static final int UNITS = 1000;

  private final Scale x;
  private final Scale y;
  private final Element drawing;
  private final Element area = Element.of("div", "area");

  /** A point in the units of the axes. */
  record Point(double x, double y) {}

  /** Where a label stands. */
  enum Side {
    ABOVE,
    BELOW
  }

  Plot(Scale x, Scale y) {
    this.x = x;
    this.y = y;
    this.drawing = canvas(UNITS, UNITS);
    for (Scale.Tick tick : y.ticks()) {
      drawing.add(path("grid", "M0 %d H%d".formatted(down(tick.share()), UNITS), ""));
    }
  }

  /** An SVG image that is stretched to the box it stands in. */
  static Element canvas(int width, int height) {
    return Element.of("svg")
        .with("viewBox", "0 0 %d %d".formatted(width, height))
        .with("preserveAspectRatio", "none")
        .with("aria-hidden", "true");
  }

  /** A path whose strokes are not stretched, with a text that shows on hovering. */
  static Element path(String classes, String data, String title) {
    Element path = Element.of("path", classes).with("d", data);
    return title.isEmpty() ? path : path.add(Element.of("title").text(title));
  }

  /** Draws a line through points. */
  Plot line(String classes, List<Point> points) {
    StringBuilder data = new StringBuilder();
    for (Point point : points) {
      data.append(data.isEmpty() ? "M" : "L").append(place(point));
    }
    drawing.add(path("line " + classes, data.toString(), ""));
    return this;
  }

  /** Draws a dot, round at any width: a stroke without length. */
  Plot dot(String classes, Point point, String title) {
    drawing.add(path("dot " + classes, "M" + place(point) + "h0", title));
    return this;
  }

  /** Draws a vertical interval. */
  Plot interval(String classes, Point low, double high) {
    String data = "M" + place(low) + "V" + down(y.at(high));
    drawing.add(path("interval " + classes, data, ""));
    return this;
  }

  /** Writes above or below a point. */
  Plot label(Side side, Point point, String text) {
    String classes = "label " + side.name().toLowerCase(Locale.ROOT);
    String place =
        String.format(
            Locale.ROOT,
            "left:%.2f%%;top:%.2f%%",
            100 * x.at(point.x()),
            100 * (1 - y.at(point.y())));
    area.add(Element.of("span", classes).with("style", place).text(text));
    return this;
  }

  /**
   * The chart with its axes.
   *
   * @param classes CSS classes, for the height
   */
  Element element(String classes, String xTitle, String yTitle) {
    Element left = Element.of("div", "y-ticks");
    for (Scale.Tick tick : y.ticks()) {
      left.add(Element.of("span").placed("top", 1 - tick.share()).text(tick.label()));
    }
    Element below = Element.of("div", "x-ticks");
    for (Scale.Tick tick : x.ticks()) {
      below.add(Element.of("span").placed("left", tick.share()).text(tick.label()));
    }
    return Element.of("div", "plot " + classes)
        .with("role", "img")
        .with("aria-label", yTitle + " against " + xTitle)
        .add(Element.of("div", "y-title").text(yTitle))
        .add(left, Element.of("div", "area-box").add(drawing, area), below)
        .add(Element.of("div", "x-title").text(xTitle));
  }

  private String place(Point point) {
    return Math.round(UNITS * x.at(point.x())) + " " + down(y.at(point.y()));
  }

  private static long down(double share) {
    return Math.round(UNITS * (1 - share));
  }
}
