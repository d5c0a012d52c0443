package io.pare.io.source;

import io.pare.InputException;

/** Whether every image has a label and every label names one of the network's classes. */
final class LabelCheck {
  private final String dataSet;
  private final int classes;
  private final FirstFive missing = new FirstFive();
  private final FirstFive outOfRange = new FirstFive();
  private long images;

  LabelCheck(String dataSet, int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException("a data set of " + classes + " classes");
    }
    this.dataSet = dataSet;
    this.classes = classes;
  }

  boolean accepts(long label) {
    return label >= 0 && label < classes;
  }

  void addGood(long count) {
    images += count;
  }

  void add(String name, long label) {
    images++;
    if (label < 0) {
      missing.add(name);
    } else if (label >= classes) {
      outOfRange.add(name + " (" + label + ")");
    }
  }

  /** Ends the check with one error that names all that was found. */
  void finish() {
    if (!missing.isEmpty()) {
      throw InputException.data(
          "%s: %d of %d images have no label: %s; give a label to each or leave them out"
              .formatted(dataSet, missing.count(), images, missing));
    }
    if (!outOfRange.isEmpty()) {
      throw InputException.data(
          "%s: %d of %d images have a label outside 0..%d: %s; the labels must be indices into the"
                  .formatted(dataSet, outOfRange.count(), images, classes - 1, outOfRange)
              + " network's "
              + classes
              + " outputs");
    }
  }
}
