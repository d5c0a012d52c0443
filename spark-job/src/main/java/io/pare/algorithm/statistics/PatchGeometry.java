package io.pare.algorithm.statistics;

import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Window;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Where a convolution reads its input: turns activations into im2col patches at sampled positions.
 *
 * @param shape of one group
 * @param window over an input of known size
 */
public record PatchGeometry(LayerShape shape, Window window) implements Serializable {
  private static final int DEARER = 8;

  /**
   * Distinct positions, ascending, that depend on the seed alone: any partitioning of the images
   * gives the same samples.
   *
   * @param seed drawn from the image's id and the layer
   * @param available output positions of the layer
   * @param wanted how many to draw; all of them where there are no more
   */
  public static int[] positions(long seed, int available, int wanted) {
    int[] all = new int[available];
    Arrays.setAll(all, k -> k);
    if (wanted >= available) {
      return all;
    }
    SplittableRandom random = new SplittableRandom(seed);
    for (int k = 0; k < wanted; k++) {
      int other = k + random.nextInt(available - k);
      int chosen = all[other];
      all[other] = all[k];
      all[k] = chosen;
    }
    int[] drawn = Arrays.copyOf(all, wanted);
    Arrays.sort(drawn);
    return drawn;
  }

  /**
   * Copies patches of one image, zeros where they reach over the edge or, transposed, between two
   * inputs.
   *
   * @param values where the input lies, channels first, read by index
   * @param first index of the first value of the group's first channel
   * @param positions of the output, in row-major order
   * @param target receives {@code shape.columns()} values for each position
   * @param at index of the first of them
   */
  public void copyPatches(FloatBuffer values, int first, int[] positions, float[] target, int at) {
    int[][] sources = Arrays.stream(positions).mapToObj(this::sources).toArray(int[][]::new);
    int plane = window.axes().stream().mapToInt(Window.Axis::size).reduce(1, (a, b) -> a * b);
    int taps = window.taps();
    // A value from the buffer costs as much as several that are copied together.
    boolean whole = (long) positions.length * taps * DEARER >= plane;
    float[] channel = new float[whole ? plane : 0];
    for (int c = 0; c < shape.inputChannels(); c++) {
      int from = first + c * plane;
      if (whole) {
        values.get(from, channel);
      }
      for (int p = 0; p < positions.length; p++) {
        int next = at + p * shape.columns() + c * taps;
        for (int source : sources[p]) {
          target[next++] = source < 0 ? 0 : whole ? channel[source] : values.get(from + source);
        }
      }
    }
  }

  /** Where each tap reads within one channel; -1 for a zero. */
  private int[] sources(int position) {
    int axes = window.axes().size();
    int[] output = new int[axes];
    int rest = position;
    for (int a = axes - 1; a >= 0; a--) {
      output[a] = rest % window.outputs(a);
      rest /= window.outputs(a);
    }
    int[] sources = {0};
    for (int a = 0; a < axes; a++) {
      Window.Axis axis = window.axes().get(a);
      int[] finer = new int[sources.length * axis.taps()];
      for (int k = 0; k < finer.length; k++) {
        int outer = sources[k / axis.taps()];
        int source = window.source(a, output[a], k % axis.taps());
        finer[k] = outer < 0 || source < 0 ? -1 : outer * axis.size() + source;
      }
      sources = finer;
    }
    return sources;
  }
}
