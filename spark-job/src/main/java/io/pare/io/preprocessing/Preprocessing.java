package io.pare.io.preprocessing;

import io.pare.InputException;
import io.pare.io.image.BadImageException;
import io.pare.io.image.RgbImage;
import java.io.Serializable;

/**
 * Preprocessing as data: how a decoded image becomes the input of a network. It holds what
 * torchvision's transforms, timm's {@code pretrained_cfg}, Caffe and TF-slim do before a network
 * sees an image, and it can be written down and read back.
 *
 * <p>The text is a preset, overrides of it, or both:
 *
 * <pre>
 * torchvision
 * torchvision,resize=exact:64x64,crop=none,scale=1,mean=123.68:116.779:103.939,std=1
 * torchvision,resize=crop-pct:0.95,interpolation=bicubic,mean=0.5,std=0.5
 * </pre>
 *
 * <table>
 * <caption>Keys; sizes are height x width</caption>
 * <tr><td>resize</td><td>none, shorter:PIXELS, exact:HxW, exact (the network's input), or
 *   crop-pct:FRACTION: the shorter side to the network's input divided by timm's crop_pct</td></tr>
 * <tr><td>crop</td><td>none, centre:HxW, centre (the network's input), or fraction:F, which is
 *   taken before resizing</td></tr>
 * <tr><td>interpolation</td><td>bilinear or bicubic, both antialiased as in Pillow</td></tr>
 * <tr><td>channels</td><td>rgb or bgr, whose order mean and std follow, or grey: one channel, as
 *   Pillow's mode L</td></tr>
 * <tr><td>layout</td><td>nchw or nhwc</td></tr>
 * <tr><td>scale</td><td>multiplier of levels 0 to 255: a number or a quotient such as 1/255</td></tr>
 * <tr><td>mean, std</td><td>of the scaled levels: three numbers a:b:c, or one for all
 *   channels</td></tr>
 * </table>
 *
 * <p>Presets: {@code torchvision} (shorter side 256, centre crop, ImageNet's mean and deviation),
 * {@code caffe} (shorter side 256, centre crop, BGR minus ImageNet's mean), {@code tf} (TF-slim:
 * central 87.5 %, resized, -1 to 1, NHWC; TF-slim's own resizing is not antialiased) and {@code
 * raw} (not resized, levels 0 to 255). Without a preset every key must be given.
 *
 * <p>Immutable and safe for several threads.
 *
 * @param geometry which pixels the network sees
 * @param normalization which numbers they become
 */
public record Preprocessing(Geometry geometry, Normalization normalization)
    implements Serializable {

  /**
   * Reads a preprocessing from its text.
   *
   * @param inputHeight rows of the network's input, or 0 where the network leaves them free and the
   *     text must fix them
   * @param inputWidth columns of the network's input, or 0 likewise
   * @throws InputException of kind usage if the text says nothing that can be done, names an
   *     unknown key, or contradicts the network's input
   */
  public static Preprocessing parse(String text, int inputHeight, int inputWidth) {
    try {
      return PreprocessingText.of(text, inputHeight, inputWidth).toPreprocessing();
    } catch (IllegalArgumentException e) {
      throw InputException.usage("preprocessing \"" + text + "\": " + e.getMessage());
    }
  }

  /**
   * Reads a text that further entries amend.
   *
   * @param overrides entries without a preset; may be empty
   * @throws InputException of kind usage as in {@link #parse}
   */
  public static Preprocessing amended(
      String text, String overrides, int inputHeight, int inputWidth) {
    try {
      return PreprocessingText.amended(text, overrides, inputHeight, inputWidth).toPreprocessing();
    } catch (IllegalArgumentException e) {
      throw InputException.usage(
          "preprocessing \"%s\" with \"%s\": %s".formatted(text, overrides, e.getMessage()));
    }
  }

  /**
   * Reads a preprocessing from the JSON beside a published network: timm's {@code pretrained_cfg},
   * or a Hugging Face {@code preprocessor_config.json}.
   *
   * @throws InputException of kind usage if the file says nothing that can be done, or as above
   */
  public static Preprocessing ofConfig(Source config, int inputHeight, int inputWidth) {
    try {
      String text = config.overrides().isEmpty() ? "config" : "config," + config.overrides();
      return PreprocessingText.ofConfig(text, config.json(), inputHeight, inputWidth)
          .toPreprocessing();
    } catch (IllegalArgumentException e) {
      throw InputException.usage("preprocessing of " + config.place() + ": " + e.getMessage());
    }
  }

  /** Whether a file holds a preprocessing; one that cannot be done counts. */
  public static boolean isConfig(Source config) {
    return PreprocessingConfig.isOne(config.json());
  }

  /**
   * The file that a preprocessing is read from.
   *
   * @param place for messages
   * @param json its bytes
   * @param overrides as in {@link #parse}, without a preset; may be empty
   */
  @SuppressWarnings("ArrayRecordComponent") // read once and handed over
  public record Source(String place, byte[] json, String overrides) {}

  /** Rows of the output. */
  public int height() {
    return geometry.output().height();
  }

  /** Columns of the output. */
  public int width() {
    return geometry.output().width();
  }

  /** Channels of the output: 3 or 1. */
  public int channels() {
    return normalization.channels().count();
  }

  /** Values of one image's tensor: channels times height times width. */
  public int length() {
    return Math.multiplyExact(channels(), Math.multiplyExact(height(), width()));
  }

  /**
   * One image as a tensor of its own.
   *
   * @throws BadImageException if the image is not resized and has a size that does not fit
   */
  public float[] apply(RgbImage image) throws BadImageException {
    float[] tensor = new float[length()];
    apply(image, tensor, 0);
    return tensor;
  }

  /**
   * Writes one image's tensor into a batch.
   *
   * @param target receives {@link #length()} values
   * @param offset where the first value goes; target must have room from there
   * @throws BadImageException if the image is not resized and has a size that does not fit; the
   *     target is left as it was
   */
  public void apply(RgbImage image, float[] target, int offset) throws BadImageException {
    normalization.apply(geometry.apply(image), target, offset);
  }

  /** The complete text without presets; {@link #parse} gives an equal value back. */
  public String canonical() {
    return PreprocessingText.canonical(this);
  }

  @Override
  public String toString() {
    return canonical();
  }
}
