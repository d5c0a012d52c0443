package io.pare.io.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.pare.InputException;
import io.pare.io.image.BadImageException;
import io.pare.io.image.BadImageException.Reason;
import io.pare.io.image.RgbImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreprocessingTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "torchvision | resize=shorter:256,crop=centre:227x227,interpolation=bilinear,channels=rgb,"
            + "layout=nchw,scale=0.00392156862745098,mean=0.485:0.456:0.406,std=0.229:0.224:0.225",
        "caffe | resize=shorter:256,crop=centre:227x227,interpolation=bilinear,channels=bgr,"
            + "layout=nchw,scale=1.0,mean=103.939:116.779:123.68,std=1.0:1.0:1.0",
        "tf | resize=exact:227x227,crop=fraction:0.875,interpolation=bilinear,channels=rgb,"
            + "layout=nhwc,scale=0.00784313725490196,mean=1.0:1.0:1.0,std=1.0:1.0:1.0",
        "raw | resize=none,crop=none,interpolation=bilinear,channels=rgb,layout=nchw,scale=1.0,"
            + "mean=0.0:0.0:0.0,std=1.0:1.0:1.0"
      })
  void presetsInFull(String preset, String canonical) {
    assertThat(Preprocessing.parse(preset, 227, 227)).hasToString(canonical);
  }

  @Test
  void overridesAmendAPreset() {
    Preprocessing vgg =
        Preprocessing.parse(
            "torchvision, resize=exact:64x64, crop=none, scale=1, mean=123.68:116.779:103.939,"
                + " std=1",
            64,
            64);

    assertThat(vgg.geometry().resize()).isEqualTo(new Resize.Exact(new ImageSize(64, 64)));
    assertThat(vgg.geometry().crop()).isEqualTo(new Crop.None());
    assertThat(vgg.normalization().mean()).containsExactly(123.68, 116.779, 103.939);
    assertThat(vgg.normalization().std()).containsExactly(1.0, 1.0, 1.0);
    assertThat(vgg.normalization().channels()).isEqualTo(ChannelOrder.RGB);
    assertThat(vgg.length()).isEqualTo(3 * 64 * 64);
  }

  /**
   * resnetv2_50x3 and others: input_size (3, 448, 448), crop_pct 1.0, bicubic, mean and std 0.5.
   */
  @ParameterizedTest
  @CsvSource({"448, 1.0, 448", "224, 0.875, 256", "224, 0.95, 235", "288, 0.9, 320"})
  void cropPctOfTimm(int input, String cropPct, int shorterSide) {
    Preprocessing timm =
        Preprocessing.parse(
            "torchvision,interpolation=bicubic,mean=0.5,std=0.5,resize=crop-pct:" + cropPct,
            input,
            input);

    assertThat(timm.geometry().resize()).isEqualTo(new Resize.Shorter(shorterSide));
    assertThat(timm.geometry().interpolation()).isEqualTo(Interpolation.BICUBIC);
    assertThat(timm.height()).isEqualTo(input);
  }

  @Test
  void theTextFixesWhatTheNetworkLeavesFree() {
    Preprocessing preprocessing = Preprocessing.parse("torchvision,crop=centre:192x160", 0, 0);

    assertThat(preprocessing.height()).isEqualTo(192);
    assertThat(preprocessing.width()).isEqualTo(160);
  }

  @Test
  void valuesAndOrderOfChannels() throws Exception {
    RgbImage image = new RgbImage(2, 1, new byte[] {0, (byte) 255, 51, 102, (byte) 153, 4});

    assertThat(Preprocessing.parse("raw", 1, 2).apply(image))
        .containsExactly(0, 102, 255, 153, 51, 4);
    assertThat(Preprocessing.parse("raw,layout=nhwc,channels=bgr", 1, 2).apply(image))
        .containsExactly(51, 255, 0, 4, 153, 102);
    assertThat(Preprocessing.parse("raw,channels=bgr,mean=1:2:3,std=2", 1, 2).apply(image))
        .containsExactly(25f, 1.5f, 126.5f, 75.5f, -1.5f, 49.5f);
    assertThat(Preprocessing.parse("raw,scale=1/127.5,mean=1", 1, 2).apply(image))
        .containsExactly(new float[] {-1, -0.2f, 1, 0.2f, -0.6f, -0.96862745f}, within(1e-7f));
  }

  /** The levels are those of Pillow 13.0: Image.convert("L"). */
  @Test
  void greyIsPillowsModeL() throws Exception {
    int[][] colours = {
      {255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 255},
      {12, 200, 77}, {1, 1, 1}, {254, 3, 129}, {90, 90, 91}
    };
    byte[] samples = new byte[3 * colours.length];
    for (int k = 0; k < samples.length; k++) {
      samples[k] = (byte) colours[k / 3][k % 3];
    }
    RgbImage image = new RgbImage(colours.length, 1, samples);

    for (String layout : List.of("nchw", "nhwc")) {
      Preprocessing grey = Preprocessing.parse("raw,channels=grey,layout=" + layout, 1, 8);
      assertThat(grey.apply(image)).containsExactly(76, 150, 29, 255, 130, 1, 92, 90);
    }
    assertThat(Preprocessing.parse("raw,channels=grey,mean=6,std=2", 1, 8).apply(image))
        .containsExactly(35, 72, 11.5f, 124.5f, 62, -2.5f, 43, 42);
    assertThat(Preprocessing.parse("raw,channels=grey", 1, 8).canonical())
        .endsWith("channels=grey,layout=nchw,scale=1.0,mean=0.0,std=1.0");
  }

  @Test
  void everyGreyStaysTheSameGrey() throws Exception {
    byte[] samples = new byte[3 * 256];
    for (int k = 0; k < samples.length; k++) {
      samples[k] = (byte) (k / 3);
    }
    float[] levels =
        Preprocessing.parse("raw,channels=grey", 16, 16).apply(new RgbImage(16, 16, samples));
    for (int level = 0; level < levels.length; level++) {
      assertThat(levels[level]).isEqualTo(level);
    }
  }

  @Test
  void aTensorIsWrittenAtItsPlaceInABatch() throws Exception {
    RgbImage image = new RgbImage(1, 1, new byte[] {1, 2, 3});
    float[] batch = new float[6];

    Preprocessing.parse("raw", 1, 1).apply(image, batch, 2);

    assertThat(batch).containsExactly(0, 0, 1, 2, 3, 0);
  }

  @ParameterizedTest
  @CsvSource({
    // The longer side of 500 x 333 is truncated from 384.38; 384 - 227 = 157 leaves 78.5, even 78.
    "500, 333, 384, 256, 78, 14",
    "333, 500, 256, 384, 14, 78",
    "227, 227, 256, 256, 14, 14"
  })
  void torchvisionGeometry(int width, int height, int toWidth, int toHeight, int x, int y)
      throws Exception {
    RgbImage image = columnsAndRows(width, height);
    RgbImage whole =
        Resampler.resize(image, new ImageSize(toHeight, toWidth), Interpolation.BILINEAR);
    Resampler.Window window = new Resampler.Window(x, y, new ImageSize(227, 227));

    RgbImage cropped = Preprocessing.parse("torchvision", 227, 227).geometry().apply(image);

    assertThat(cropped.samples()).isEqualTo(Resampler.crop(whole, window).samples());
  }

  @Test
  void aFractionIsCroppedBeforeResizing() throws Exception {
    RgbImage image = columnsAndRows(16, 8);

    RgbImage kept = Preprocessing.parse("raw,crop=fraction:0.75", 6, 12).geometry().apply(image);

    Resampler.Window middle = new Resampler.Window(2, 1, new ImageSize(6, 12));
    assertThat(kept.samples()).isEqualTo(Resampler.crop(image, middle).samples());
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw", "raw,crop=centre"})
  void anImageOfAnotherSizeIsABadImageWhenNothingResizes(String text) {
    Preprocessing preprocessing = Preprocessing.parse(text, 28, 28);

    BadImageException error =
        catchThrowableOfType(
            BadImageException.class, () -> preprocessing.apply(columnsAndRows(20, 27)));

    assertThat(error.reason()).isEqualTo(Reason.WRONG_SIZE);
    assertThat(error)
        .hasMessage(
            "wrong size: height x width is 27x20, the network takes 28x28 and the preprocessing"
                + " does not resize");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "torchvison | unknown preset \"torchvison\"; did you mean \"torchvision\"? Known are"
            + " torchvision, caffe, tf, raw",
        "raw,meen=1 | unknown key \"meen\"; did you mean \"mean\"? Known are resize, crop,"
            + " interpolation, channels, layout, scale, mean, std",
        "raw,mean=1,mean=2 | mean is given twice",
        "raw,mean | mean has no value; write mean=VALUE",
        "raw,mean=1:2 | mean must be three finite numbers, not [1.0, 2.0]",
        "torchvision,channels=grey | mean must be one finite number, not [0.485, 0.456, 0.406]",
        "raw,channels=gray | channels=gray is unknown; write rgb or bgr or grey",
        "raw,std=0 | std must be three numbers above 0, not [0.0, 0.0, 0.0]",
        "raw,scale=1/0 | scale must be finite and not 0, not Infinity",
        "raw,scale=x | scale must be a number, not \"x\"",
        "raw,interpolation=nearest | interpolation=nearest is unknown; write bilinear or bicubic",
        "raw,resize=exact:64 | resize=exact must be HEIGHTxWIDTH, such as 224x224, not \"64\"",
        "raw,resize=shorter:-1 | resize=shorter must be whole pixels up to 99999, not \"-1\"",
        "raw,resize=exact:64x64 | exact:64x64 does not give the 224x224 pixels that the network"
            + " takes",
        "raw,resize=shorter:256 | resize=shorter:256 gives images of different sizes; add"
            + " crop=centre:224x224 or say resize=exact:224x224",
        "torchvision,resize=shorter:200 | crop=centre:224x224 is larger than what"
            + " resize=shorter:200 gives",
        "crop=none,resize=none | without a preset every key must be given; missing:"
            + " interpolation, channels, layout, scale, mean, std",
        "tf,crop=fraction:1.5 | the fraction of a crop must be above 0 and at most 1, not 1.5"
      })
  void faultsAreNamed(String text, String message) {
    assertThatThrownBy(() -> Preprocessing.parse(text, 224, 224))
        .isInstanceOfSatisfying(
            InputException.class,
            error -> assertThat(error.kind()).isEqualTo(InputException.Kind.USAGE))
        .hasMessage("preprocessing \"" + text + "\": " + message);
  }

  @Test
  void aSizeThatNobodyFixesIsAsked() {
    assertThatThrownBy(() -> Preprocessing.parse("torchvision", 0, 0))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "preprocessing \"torchvision\": crop=centre needs an input size, which the network"
                + " leaves free; write resize=exact:HEIGHTxWIDTH or crop=centre:HEIGHTxWIDTH");
  }

  @Test
  void travelsByJavaSerialization() throws Exception {
    for (String preset : List.of("torchvision", "caffe", "tf", "raw")) {
      Preprocessing preprocessing = Preprocessing.parse(preset, 224, 224);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream output = new ObjectOutputStream(bytes)) {
        output.writeObject(preprocessing);
      }
      try (ObjectInputStream input =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        assertThat(input.readObject()).isEqualTo(preprocessing);
      }
    }
  }

  private static RgbImage columnsAndRows(int width, int height) {
    byte[] samples = new byte[width * height * 3];
    for (int i = 0; i < width * height; i++) {
      samples[3 * i] = (byte) (i % width);
      samples[3 * i + 1] = (byte) (i / width);
      samples[3 * i + 2] = (byte) (31 * i);
    }
    return new RgbImage(width, height, samples);
  }
}
