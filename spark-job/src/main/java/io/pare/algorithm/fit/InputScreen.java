package io.pare.algorithm.fit;

import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.LayerShape;

/**
 * What a search for kept inputs can ask of a fully connected layer that has no Gram matrix of all
 * its inputs: the problem of those that carry most. Not thread-safe.
 */
public interface InputScreen {

  /** The shape of the whole layer. */
  LayerShape shape();

  /**
   * The problem of the inputs that alone carry most energy in the best fit, {@code ||T_j||^2 G_jj},
   * the others left out.
   *
   * @param together neighbouring inputs that stay together, a divisor of their number
   * @param most inputs at most, at least {@code together}
   */
  Part part(int together, int most);

  /**
   * What each input of a part would take off the error alone that the channel form of a rank leaves
   * in the whole layer (algorithm.md section 2).
   *
   * @return one gain for each input of the part
   */
  double[] gains(Part part, int rank);

  /**
   * Some inputs of a layer.
   *
   * @param inputs their numbers, ascending
   * @param problem of these alone
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Part(int[] inputs, Regression problem) {
    /** Numbers in the whole layer. */
    public int[] inWhole(int[] places) {
      int[] numbers = new int[places.length];
      for (int k = 0; k < numbers.length; k++) {
        numbers[k] = inputs[places[k]];
      }
      return numbers;
    }
  }
}
