package io.pare.stage.layers;

import io.pare.algorithm.statistics.FitSpace;
import io.pare.model.Layer;
import java.io.Serializable;

/**
 * The rule by size: in which space the systems of a layer are solved, and where its statistics are
 * gathered.
 *
 * @param columns a fully connected layer with more of them is wide: its statistics are products of
 *     distributed matrices
 * @param largestSystem the largest order of a matrix that one task holds and factors
 */
public record WideLayers(int columns, int largestSystem) implements Serializable {
  private static final int FEWEST_COLUMNS = 2048;

  /** Where statistics are gathered. */
  enum Place {
    /** In one task for each group. */
    TASK,
    /** As products of distributed matrices. */
    MATRICES
  }

  /**
   * How a layer is solved.
   *
   * @param space of its systems
   * @param place where its statistics are gathered
   * @param share of the samples that the space has room for, above 0 and at most 1
   * @param reason of the choice
   */
  record Placement(FitSpace space, Place place, double share, String reason) {
    private static Placement of(FitSpace space, Place place, String reason) {
      return new Placement(space, place, 1, reason);
    }
  }

  /**
   * Whether the number of samples decides how a layer is solved: with too few of them there is no
   * Gram matrix, and the channel form alone is tried.
   */
  public static boolean dependsOnSamples(Layer layer) {
    return layer.operator().isFullyConnected() && layer.shape().columns() > FEWEST_COLUMNS;
  }

  /**
   * How a layer's fits are solved.
   *
   * @param samples of one of its groups, all of them
   * @param heldOut share of them that no fit sees
   */
  Placement of(Layer layer, double samples, double heldOut) {
    int inputs = layer.shape().columns();
    double seen = samples * (1 - heldOut);
    if (!layer.operator().isFullyConnected()) {
      return Placement.of(FitSpace.COLUMNS, Place.TASK, "a convolution's Gram matrix fits a task");
    }
    if (inputs <= columns) {
      return inputs <= FEWEST_COLUMNS || seen >= inputs
          ? Placement.of(FitSpace.COLUMNS, Place.TASK, "its Gram matrix fits a task")
          : Placement.of(FitSpace.SAMPLES, Place.TASK, "it has fewer samples than inputs");
    }
    if (inputs <= largestSystem) {
      return Placement.of(
          FitSpace.COLUMNS,
          Place.MATRICES,
          "wide, and a task can factor a Gram matrix of order " + inputs);
    }
    if (samples <= largestSystem) {
      return Placement.of(
          FitSpace.SAMPLES,
          Place.MATRICES,
          "a Gram matrix of order %d exceeds %d, %.0f samples do not"
              .formatted(inputs, largestSystem, samples));
    }
    return new Placement(
        FitSpace.SAMPLES,
        Place.MATRICES,
        largestSystem / samples,
        "%d inputs and %.0f samples both exceed %d: so many of the samples are taken"
            .formatted(inputs, samples, largestSystem));
  }
}
