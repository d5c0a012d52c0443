package io.pare.config;

/**
 * Height and width fed to the network, in pixels.
 *
 * @param height at least 1
 * @param width at least 1
 */
public record InputSize(int height, int width) {

  /** A size of at least one pixel. */
  public InputSize {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException("height and width must be at least 1");
    }
  }

  /** Reads {@code HEIGHTxWIDTH}. */
  static InputSize parse(String text) {
    String[] parts = text.split("x", -1);
    try {
      if (parts.length == 2) {
        return new InputSize(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be HEIGHTxWIDTH, such as 224x224", e);
    }
    throw new IllegalArgumentException("must be HEIGHTxWIDTH, such as 224x224");
  }

  @Override
  public String toString() {
    return height + "x" + width;
  }
}
