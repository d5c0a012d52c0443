package io.pare.io.preprocessing;

import java.io.Serializable;

/**
 * Rows and columns, in the order of a tensor's dimensions.
 *
 * @param height pixels, at least 1
 * @param width pixels, at least 1
 */
public record ImageSize(int height, int width) implements Serializable {

  public ImageSize {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "a size must be at least 1x1, not " + height + "x" + width);
    }
  }

  /** Height and width as a configuration holds them: {@code 224x320}. */
  @Override
  public String toString() {
    return height + "x" + width;
  }
}
