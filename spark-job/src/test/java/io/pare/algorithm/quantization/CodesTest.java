package io.pare.algorithm.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.quantization.ChannelCodes.Weights;
import java.nio.FloatBuffer;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;

class CodesTest {

  @Property(tries = 200, seed = "1")
  void everyValueOfARangeIsReadBackWithinHalfAStepAndZeroExactly(
      @ForAll @FloatRange(min = -50, max = 20) float low,
      @ForAll @FloatRange(min = 0, max = 1) float place) {
    ValueRange range = new ValueRange(low, low + 30);
    AffineCode code = AffineCode.of(range);
    ValueRange spanned = range.withZero();
    double value = spanned.low() + spanned.width() * place;
    assertThat(read(code, value)).isCloseTo(value, within(code.scale() * 1.01));
    assertThat(read(code, 0)).isZero();
  }

  private static double read(AffineCode code, double value) {
    long written = Math.round(value / code.scale()) + code.zeroPoint();
    return code.scale() * (Math.max(0, Math.min(255, written)) - code.zeroPoint());
  }

  @Test
  void aTensorOfZerosHasACode() {
    assertThat(AffineCode.of(new ValueRange(0, 0))).isEqualTo(new AffineCode(1, 0));
  }

  @Test
  void aRangeOfNoNumbersIsRefused() {
    assertThatThrownBy(() -> new ValueRange(Float.NaN, 1))
        .hasMessageContaining("no range of finite numbers");
    assertThatThrownBy(() -> new ValueRange(2, 1)).hasMessageContaining("from 2.0 to 1.0");
  }

  @Test
  void weightsOfAChannelKeepTheirSignsAndErrAtMostByHalfAStepOrAreCutOff() {
    float[] values = new float[4 * 30];
    Random random = new Random(3);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * (1 + i / 30));
    }
    ChannelCodes codes = ChannelCodes.of(Weights.rows(values, 4), new float[4], 0.1f);
    for (int i = 0; i < values.length; i++) {
      float scale = codes.scales()[i / 30];
      float read = scale * codes.codes()[i];
      boolean cut = Math.abs(codes.codes()[i]) == 127;
      assertThat(Math.abs(read - values[i])).isLessThanOrEqualTo(cut ? 40 * scale : scale * 0.501f);
    }
  }

  @Test
  void columnsAreTheTransposedRows() {
    float[] rows = {1, -2, 3, 0.1f, 0.2f, -0.3f};
    float[] columns = {1, 0.1f, -2, 0.2f, 3, -0.3f};
    ChannelCodes byRow = ChannelCodes.of(Weights.rows(rows, 2), new float[2], 1);
    ChannelCodes byColumn = ChannelCodes.of(Weights.columns(columns, 2), new float[2], 1);
    assertThat(byColumn.scales()).isEqualTo(byRow.scales());
    for (int channel = 0; channel < 2; channel++) {
      for (int i = 0; i < 3; i++) {
        assertThat(byColumn.codes()[2 * i + channel]).isEqualTo(byRow.codes()[3 * channel + i]);
      }
    }
  }

  @Property(tries = 20, seed = "3")
  void sixteenLevelsErrLessThanSixteenEvenStepsWhateverTheChannelsScales(@ForAll long seed) {
    Random random = new Random(seed);
    int channels = 12;
    float[] values = new float[channels * 300];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * Math.pow(10, i / 300 - 6));
    }
    ChannelCodes codes =
        ChannelCodes.ofSixteen(Weights.rows(values, channels), new float[channels], 0.1f);

    assertThat(IntStream.range(0, values.length).map(i -> codes.codes()[i]).distinct().count())
        .isLessThanOrEqualTo(16);
    double ratios = 0;
    for (int channel = 0; channel < channels; channel++) {
      double error = 0;
      for (int i = 300 * channel; i < 300 * (channel + 1); i++) {
        error += Math.pow(codes.scales()[channel] * codes.codes()[i] - values[i], 2);
      }
      ratios += error / evenSteps(values, 300 * channel) / channels;
    }
    assertThat(ratios).isLessThan(1);
  }

  /** The least squared error of sixteen steps of one size, of 300 values. */
  private static double evenSteps(float[] values, int first) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (int i = first; i < first + 300; i++) {
      most = Math.max(most, Math.abs(values[i]));
    }
    for (double shrink = 1; shrink > 0.3; shrink -= 0.02) {
      double step = most * shrink / 7.5;
      double error = 0;
      for (int i = first; i < first + 300; i++) {
        double code = Math.max(-8, Math.min(7, Math.rint(values[i] / step)));
        error += Math.pow(code * step - values[i], 2);
      }
      least = Math.min(least, error);
    }
    return least;
  }

  @Test
  void sixteenLevelsOfColumnsAreThoseOfTheTransposedRows() {
    Random random = new Random(4);
    float[] rows = new float[3 * 40];
    float[] columns = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
      columns[i % 40 * 3 + i / 40] = rows[i];
    }
    ChannelCodes byRow = ChannelCodes.ofSixteen(Weights.rows(rows, 3), new float[3], 1);
    ChannelCodes byColumn = ChannelCodes.ofSixteen(Weights.columns(columns, 3), new float[3], 1);
    assertThat(byColumn.scales()).isEqualTo(byRow.scales());
    for (int i = 0; i < rows.length; i++) {
      assertThat(byColumn.codes()[i % 40 * 3 + i / 40]).isEqualTo(byRow.codes()[i]);
    }
  }

  @Test
  void sixteenLevelsHoldZerosAndALargeBias() {
    ChannelCodes zeros = ChannelCodes.ofSixteen(Weights.rows(new float[8], 2), new float[2], 1);
    assertThat(zeros.codes()).containsOnly(0);
    float[] bias = {1e4f, -3};
    ChannelCodes codes =
        ChannelCodes.ofSixteen(Weights.rows(new float[] {1e-9f, 0, 0, 1}, 2), bias, 1e-3f);
    assertThat(codes.bias(bias, 1e-3f)[0] * 1e-3 * codes.scales()[0]).isCloseTo(1e4, within(1.0));
  }

  @Test
  void aBiasFarLargerThanItsWeightsIsHeldAllTheSame() {
    float[] bias = {1e4f, -3};
    ChannelCodes codes =
        ChannelCodes.of(Weights.rows(new float[] {1e-9f, 0, 0, 0}, 2), bias, 1e-3f);
    int[] written = codes.bias(bias, 1e-3f);
    for (int channel = 0; channel < 2; channel++) {
      double read = written[channel] * 1e-3 * codes.scales()[channel];
      assertThat(read).isCloseTo(bias[channel], within(1e-4 * Math.abs(bias[channel])));
    }
  }

  @Test
  void allRulesHoldZeroAndTheLeastSquaresErrsLeast() {
    Random random = new Random(5);
    float[] values = new float[200_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    values[0] = 12;
    values[1] = -9;
    ValueHistogram histogram = ValueHistogram.empty(new ValueRange(-9, 12), 1);
    histogram.add(FloatBuffer.wrap(values), 1);
    double least = squaredError(values, RangeRule.LEAST_SQUARES.range(histogram));
    for (RangeRule rule : RangeRule.values()) {
      ValueRange range = rule.range(histogram);
      assertThat(range.withZero()).isEqualTo(range);
      assertThat(squaredError(values, range)).as(rule.name()).isGreaterThanOrEqualTo(0.9 * least);
    }
    assertThat(RangeRule.MIN_MAX.range(histogram)).isEqualTo(new ValueRange(-9, 12));
    assertThat(RangeRule.PERCENTILE.range(histogram).high()).isLessThan(10);
    assertThat(least).isLessThan(0.9 * squaredError(values, new ValueRange(-9, 12)));
  }

  private static double squaredError(float[] values, ValueRange range) {
    AffineCode code = AffineCode.of(range);
    double error = 0;
    for (float value : values) {
      error += Math.pow(read(code, value) - value, 2);
    }
    return error;
  }

  @Test
  void histogramsOfPartsAddUpToThatOfTheWholeInAnyOrder() {
    ValueRange range = new ValueRange(-1, 2);
    float[] one = {-1, 0.5f, 2, 1.99f};
    float[] other = {0, 0, 0.5f, 0.25f};
    ValueHistogram whole = ValueHistogram.empty(range, 2);
    whole.add(FloatBuffer.wrap(one), 2);
    whole.add(FloatBuffer.wrap(other), 2);
    ValueHistogram first = ValueHistogram.empty(range, 2);
    first.add(FloatBuffer.wrap(one), 2);
    ValueHistogram second = ValueHistogram.empty(range, 2);
    second.add(FloatBuffer.wrap(other), 2);
    second.addAll(first);
    assertThat(second.counts()).isEqualTo(whole.counts());
    assertThat(second.channelSums()).isEqualTo(whole.channelSums());
    assertThat(whole.total()).isEqualTo(8);
    assertThat(whole.channelMeans())
        .containsExactly(
            new double[] {(-1 + 0.5 + 0 + 0) / 4, (2 + 1.99 + 0.5 + 0.25) / 4}, within(1e-6));
    assertThatThrownBy(() -> first.addAll(ValueHistogram.empty(new ValueRange(0, 2), 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be added");
  }
}
