package io.pare.stage.layers;

import io.pare.algorithm.statistics.FitSpace;
import io.pare.model.Layer;
import java.io.Serializable;

/**
 * Which layers are solved in the space of their samples, and where.
 *
 * @param columns a fully connected layer with more columns than that never has a Gram matrix; one
 *     with fewer, but more than {@link #FEWEST_COLUMNS}, has none where it has fewer samples than
 *     columns
 * @param place where
 */
public record WideLayers(int columns, Place place) implements Serializable {
  /** Samples of a layer without a Gram matrix: theirs is X X^T, of this edge. */
  static final int MOST_SAMPLES = 4096;

  private static final int FEWEST_COLUMNS = 2048;
  private static final long MOST_BYTES_OF_A_TASK = 512L << 20;

  /** Where layers without a Gram matrix are solved. */
  public enum Place {
    /** In a task where samples and weights fit one, else over executors. */
    AUTO,
    /** In a task. */
    TASK,
    /** Over executors. */
    EXECUTORS
  }

  /**
   * Where a layer's fits are solved.
   *
   * @param samples of one of its groups, all of them
   * @param heldOut share of them that no fit sees
   */
  FitSpace spaceOf(Layer layer, double samples, double heldOut) {
    int wide = layer.shape().columns();
    boolean gram =
        !layer.operator().isFullyConnected()
            || (wide <= columns && (wide <= FEWEST_COLUMNS || samples * (1 - heldOut) >= wide));
    if (gram) {
      return FitSpace.COLUMNS;
    }
    double values = Math.min(samples, MOST_SAMPLES) * wide + layer.shape().weights();
    boolean executors =
        place == Place.EXECUTORS
            || (place == Place.AUTO && values * Float.BYTES > MOST_BYTES_OF_A_TASK);
    return executors ? FitSpace.EXECUTORS : FitSpace.SAMPLES;
  }
}
