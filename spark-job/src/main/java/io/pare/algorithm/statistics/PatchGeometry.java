package io.pare.algorithm.statistics;

import io.pare.algorithm.structure.LayerShape;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Where a convolution reads its input: turns activations into im2col patches at sampled positions.
 *
 * @param shape of one group
 * @param strideHeight rows between output positions
 * @param strideWidth columns between output positions
 * @param padTop rows of zeros above the input
 * @param padLeft columns of zeros left of the input
 * @param dilationHeight rows between kernel rows
 * @param dilationWidth columns between kernel columns
 */
public record PatchGeometry(
    LayerShape shape,
    int strideHeight,
    int strideWidth,
    int padTop,
    int padLeft,
    int dilationHeight,
    int dilationWidth)
    implements Serializable {

  /**
   * One activation tensor of one image, channels first.
   *
   * @param values where the tensor lies, read by index
   * @param offset index of its first value
   * @param height rows
   * @param width columns
   */
  public record Plane(FloatBuffer values, int offset, int height, int width) {}

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
   * Copies one patch, zeros where it reaches over the edge.
   *
   * @param plane the input, all channels
   * @param firstChannel first input channel of the group
   * @param row output row
   * @param column output column
   * @param target receives {@code shape.columns()} values
   * @param at index of the first of them
   */
  public void copyPatch(
      Plane plane, int firstChannel, int row, int column, float[] target, int at) {
    int next = at;
    for (int c = 0; c < shape.inputChannels(); c++) {
      int channel = plane.offset() + (firstChannel + c) * plane.height() * plane.width();
      for (int h = 0; h < shape.kernelHeight(); h++) {
        int y = row * strideHeight - padTop + h * dilationHeight;
        for (int w = 0; w < shape.kernelWidth(); w++) {
          int x = column * strideWidth - padLeft + w * dilationWidth;
          boolean inside = y >= 0 && y < plane.height() && x >= 0 && x < plane.width();
          target[next++] = inside ? plane.values().get(channel + y * plane.width() + x) : 0;
        }
      }
    }
  }
}
