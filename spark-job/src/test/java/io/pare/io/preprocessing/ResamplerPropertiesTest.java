package io.pare.io.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.io.image.RgbImage;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds for resizing between any two sizes. */
class ResamplerPropertiesTest {

  @Property(tries = 200, seed = "1")
  void aWindowIsThePartOfTheWholeResult(
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll Interpolation interpolation,
      @ForAll long seed) {
    Random random = new Random(seed);
    RgbImage image = noise(random, 1 + random.nextInt(30), 1 + random.nextInt(30));
    ImageSize size = new ImageSize(height, width);
    int x = random.nextInt(width);
    int y = random.nextInt(height);
    Resampler.Window window =
        new Resampler.Window(
            x, y, new ImageSize(1 + random.nextInt(height - y), 1 + random.nextInt(width - x)));

    RgbImage part = Resampler.resize(image, size, interpolation, window);

    RgbImage whole = Resampler.resize(image, size, interpolation);
    assertThat(part.samples()).isEqualTo(Resampler.crop(whole, window).samples());
  }

  @Property(tries = 100, seed = "1")
  void oneColourStaysThatColour(
      @ForAll @IntRange(min = 1, max = 60) int in,
      @ForAll @IntRange(min = 1, max = 60) int out,
      @ForAll byte level,
      @ForAll Interpolation interpolation) {
    byte[] samples = new byte[in * in * 3];
    Arrays.fill(samples, level);

    RgbImage resized =
        Resampler.resize(new RgbImage(in, in, samples), new ImageSize(out, out), interpolation);

    byte[] expected = new byte[out * out * 3];
    Arrays.fill(expected, level);
    assertThat(resized.samples()).isEqualTo(expected);
  }

  private static RgbImage noise(Random random, int width, int height) {
    byte[] samples = new byte[width * height * 3];
    random.nextBytes(samples);
    return new RgbImage(width, height, samples);
  }
}
