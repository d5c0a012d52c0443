package io.pare.model.output;

import io.pare.InputException;
import io.pare.algorithm.statistics.OutputLayout;
import io.pare.model.inference.TensorData;
import java.io.Serializable;
import java.util.stream.LongStream;

/**
 * An output that holds floats, and where they lie. The part of one image is {@code before x classes
 * x after} values; where those are very many, some of the positions are compared, evenly spread.
 *
 * @param layout what is compared of one image
 * @param imageAxis of the output's dimensions: images follow one another along it
 * @param classAxis of the output's dimensions; {@link #NONE} for values and where a Softmax at the
 *     end of the network tells the classes
 * @param after values of one class that lie next to each other
 * @param size values of one image
 * @param step from one compared position to the next, at least 1
 */
public record NetworkOutput(
    OutputLayout layout, int imageAxis, int classAxis, int after, int size, int step)
    implements Serializable {
  /** No axis. */
  public static final int NONE = -1;

  /** Values of one image that are compared at most, of an output. */
  static final int MOST_VALUES = 1 << 17;

  /** An output of which so many positions are compared as are enough. */
  static NetworkOutput of(
      String name, int imageAxis, int classAxis, int classes, int after, int size) {
    int positions = size / classes;
    int most = Math.max(1, MOST_VALUES / classes);
    int step = atLeast(positions, most);
    // Else a step that divides the rows of a map would see some of its columns alone.
    while (step > 1 && !coprime(step, positions)) {
      step++;
    }
    return new NetworkOutput(
        new OutputLayout(name, atLeast(positions, step), classes),
        imageAxis,
        classAxis,
        after,
        size,
        step);
  }

  /** The quotient, rounded up. */
  private static int atLeast(int whole, int part) {
    return (whole - 1) / part + 1;
  }

  private static boolean coprime(int a, int b) {
    return b == 0 ? a == 1 : coprime(b, a % b);
  }

  /** Whether it holds scores. */
  public boolean isScores() {
    return layout.isScores();
  }

  /** Such as {@code logits (10 classes)} or {@code boxes (43787 of 131360 values)}. */
  @Override
  public String toString() {
    int there = size / layout.classes();
    String compared =
        there == layout.positions() ? "" + there : layout.positions() + " of " + there;
    String text = isScores() ? layout.classes() + " classes" : compared + " values";
    if (isScores() && !layout.isClassifier()) {
      text += " at " + compared + " positions";
    }
    return name() + " (" + text + ")";
  }

  /** The name. */
  public String name() {
    return layout.name();
  }

  /**
   * Takes what is compared of one image out of the output for a batch.
   *
   * @param data the output
   * @param images in the batch
   * @param image place of the image
   * @param target receives the values of {@link #layout()}, the classes of a position next to each
   *     other
   * @param to where the first of them goes
   * @throws InputException if the output has another size than it had for the first image
   */
  void cut(TensorData data, int images, int image, float[] target, int to) {
    long[] dims = data.shape();
    if (data.values().length != (long) size * images
        || imageAxis >= dims.length
        || dims[imageAxis] % images != 0) {
      throw InputException.data(
          "output %s holds %d values for %d images, but %d for the first one that the network was run on: an output whose size depends on what is seen cannot be compared; leave it out with outputs=%s=none"
              .formatted(name(), data.values().length, images, size, name()));
    }
    int run = (int) LongStream.of(dims).skip(imageAxis).reduce(1, Math::multiplyExact) / images;
    int classes = layout.classes();
    for (int position = 0; position < layout.positions(); position++) {
      int at = position * step;
      int first = at / after * classes * after + at % after;
      for (int k = 0; k < classes; k++) {
        int place = first + k * after;
        target[to++] = data.values()[(place / run * images + image) * run + place % run];
      }
    }
  }
}
