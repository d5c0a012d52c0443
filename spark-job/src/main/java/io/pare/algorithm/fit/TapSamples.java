package io.pare.algorithm.fit;

import io.pare.algorithm.dense.Tiles;
import io.pare.algorithm.statistics.Samples;
import java.util.HashMap;
import java.util.Map;

/**
 * Sampled inputs of a layer, as they are and arranged by the taps of a kernel, which is done once
 * for all that read them so. Not thread-safe.
 */
final class TapSamples {
  private final Samples samples;
  private final Map<Integer, Samples> arranged = new HashMap<>();

  TapSamples(Samples samples) {
    this.samples = samples;
  }

  /** The inputs as they are, one a row. */
  Samples all() {
    return samples;
  }

  /**
   * The inputs of each tap by themselves: column {@code j taps + w} of sample i lies in row {@code
   * i taps + w}, column j.
   *
   * @param taps divides the number of columns
   */
  Samples by(int taps) {
    return taps == 1 ? samples : arranged.computeIfAbsent(taps, this::arrange);
  }

  private Samples arrange(int taps) {
    int width = samples.columns() / taps;
    float[] values = new float[samples.values().length];
    Tiles.ofRows(samples.rows(), samples.columns())
        .forEach(
            (first, count) -> {
              for (int i = first; i < first + count; i++) {
                int row = i * samples.columns();
                for (int w = 0; w < taps; w++) {
                  for (int j = 0; j < width; j++) {
                    values[row + w * width + j] = samples.values()[row + j * taps + w];
                  }
                }
              }
            });
    return new Samples(samples.rows() * taps, width, values);
  }
}
