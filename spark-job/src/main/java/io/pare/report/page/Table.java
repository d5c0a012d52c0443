package io.pare.report.page;

import java.util.List;

/** A table of figures that belong side by side. Not thread-safe. */
final class Table {
  private final int texts;
  private final Element body = Element.of("tbody");
  private final Element head;

  /**
   * An empty table.
   *
   * @param texts columns of text, which come first; the others hold numbers
   */
  Table(int texts, String... headings) {
    this.texts = texts;
    this.head = row("th", List.of(headings));
  }

  /** Appends a row. */
  void add(String... cells) {
    body.add(row("td", List.of(cells)));
  }

  private Element row(String kind, List<String> cells) {
    Element row = Element.of("tr");
    for (int column = 0; column < cells.size(); column++) {
      Element cell = column < texts ? Element.of(kind) : Element.of(kind, "number");
      row.add(cell.text(cells.get(column)));
    }
    return row;
  }

  /** The table in a box of its own, which scrolls where the table is wider than the page. */
  Element element() {
    Element table = Element.of("table").add(Element.of("thead").add(head), body);
    return Element.of("div", "scroll").with("tabindex", "0").add(table);
  }
}
