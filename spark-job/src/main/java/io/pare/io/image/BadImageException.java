package io.pare.io.image;

/**
 * An image that gives no pixels, whatever the network does with them. The job counts and names such
 * images and goes on until there are too many; an error of the file system is no bad image and
 * stays an {@link java.io.IOException}.
 */
public final class BadImageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why an image gives no pixels. */
  public enum Reason {
    /** The file has no bytes. */
    EMPTY("empty"),
    /** The content begins like no image format. */
    NOT_AN_IMAGE("not an image"),
    /** The file ends before the last pixel. */
    TRUNCATED("truncated"),
    /** The header announces more pixels than the limit. */
    TOO_LARGE("too large"),
    /** An image, but in a format or variant that is not read. */
    UNSUPPORTED("unsupported"),
    /** The content contradicts its format. */
    CORRUPT("corrupt"),
    /** Good pixels, but of a size that the preprocessing cannot turn into the network's input. */
    WRONG_SIZE("wrong size");

    private final String words;

    Reason(String words) {
      this.words = words;
    }

    /** The reason as reports show it, in lower case. */
    public String words() {
      return words;
    }
  }

  private final Reason reason;

  /**
   * An image without pixels.
   *
   * @param reason the kind of fault, for counting
   * @param detail what exactly was found; one line
   */
  public BadImageException(Reason reason, String detail) {
    super(reason.words() + ": " + detail.replaceAll("\\s+", " "));
    this.reason = reason;
  }

  /** The kind of fault. */
  public Reason reason() {
    return reason;
  }
}
