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
 * @param taskSamples megabytes of a layer's samples that one task holds; of any layer with more
 *     they stay on disk, and the statistics are products of distributed matrices
 */
public record WideLayers(int columns, int largestSystem, int taskSamples) implements Serializable {
  private static final int FEWEST_COLUMNS = 2048;
  private static final double MEGABYTE = 1 << 20;

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
   * @param reason of the choice
   */
  record Placement(FitSpace space, Place place, String reason) {}

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
    boolean wide = layer.operator().isFullyConnected() && inputs > columns;
    if (wide) {
      return wide(inputs, samples);
    }
    double megabytes = samples * (inputs + layer.shape().outputs()) * Float.BYTES / MEGABYTE;
    if (megabytes > taskSamples && inputs <= largestSystem) {
      return new Placement(
          FitSpace.COLUMNS,
          Place.MATRICES,
          "its samples take %.0f MB, and a task holds %d".formatted(megabytes, taskSamples));
    }
    if (!layer.operator().isFullyConnected()) {
      return new Placement(FitSpace.COLUMNS, Place.TASK, "a convolution's Gram matrix fits a task");
    }
    return inputs <= FEWEST_COLUMNS || samples * (1 - heldOut) >= inputs
        ? new Placement(FitSpace.COLUMNS, Place.TASK, "its Gram matrix fits a task")
        : new Placement(FitSpace.SAMPLES, Place.TASK, "it has fewer samples than inputs");
  }

  /** How the fits of a wide layer are solved. */
  Placement wide(int inputs, double samples) {
    if (inputs <= largestSystem) {
      return new Placement(
          FitSpace.COLUMNS,
          Place.MATRICES,
          "wide, and a task can factor a Gram matrix of order " + inputs);
    }
    if (samples <= largestSystem) {
      return new Placement(
          FitSpace.SAMPLES,
          Place.MATRICES,
          "a Gram matrix of order %d exceeds %d, %.0f samples do not"
              .formatted(inputs, largestSystem, samples));
    }
    return new Placement(
        FitSpace.STRIPS,
        Place.MATRICES,
        "%d inputs and %.0f samples both exceed %d".formatted(inputs, samples, largestSystem));
  }
}
