package io.pare.io.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a preprocessing is, its text gives it back. */
class PreprocessingRoundTripTest {

  @Property(seed = "1")
  void theCanonicalTextGivesAnEqualPreprocessing(
      @ForAll("preprocessings") Preprocessing preprocessing) {
    String text = preprocessing.canonical();

    assertThat(Preprocessing.parse(text, preprocessing.height(), preprocessing.width()))
        .isEqualTo(preprocessing);
  }

  @Provide
  Arbitrary<Preprocessing> preprocessings() {
    return Combinators.combine(geometries(), normalizations()).as(Preprocessing::new);
  }

  private static Arbitrary<Geometry> geometries() {
    Arbitrary<Integer> side = Arbitraries.integers().between(1, 99_999);
    return Combinators.combine(
            side,
            side,
            Arbitraries.of(Interpolation.class),
            Arbitraries.doubles().between(0.01, 1),
            Arbitraries.integers().between(0, 5))
        .as(PreprocessingRoundTripTest::geometry);
  }

  private static Geometry geometry(
      int height, int width, Interpolation interpolation, double fraction, int kind) {
    ImageSize output = new ImageSize(height, width);
    Resize exact = new Resize.Exact(output);
    Resize shorter = new Resize.Shorter(Math.max(height, width));
    Crop centre = new Crop.Centre(output);
    return switch (kind) {
      case 0 -> new Geometry(new Resize.None(), new Crop.None(), interpolation, output);
      case 1 -> new Geometry(exact, new Crop.None(), interpolation, output);
      case 2 -> new Geometry(exact, new Crop.Fraction(fraction), interpolation, output);
      case 3 -> new Geometry(shorter, centre, interpolation, output);
      case 4 -> new Geometry(exact, centre, interpolation, output);
      default -> new Geometry(new Resize.None(), centre, interpolation, output);
    };
  }

  private static Arbitrary<List<Double>> eachChannel(ChannelOrder order, double least) {
    return Arbitraries.doubles().between(least, 1e6).list().ofSize(order.count());
  }

  private static Arbitrary<Normalization> normalizations() {
    Arbitrary<Double> scale = Arbitraries.doubles().between(-1e3, 1e3).filter(s -> s != 0);
    return Arbitraries.of(ChannelOrder.class)
        .flatMap(
            order ->
                Combinators.combine(
                        Arbitraries.of(TensorLayout.class),
                        scale,
                        eachChannel(order, -1e6),
                        eachChannel(order, 1e-2))
                    .as(
                        (layout, factor, mean, std) ->
                            new Normalization(order, layout, factor, mean, std)));
  }
}
