package io.pare.stage.network;

import io.pare.model.InputShape;
import io.pare.model.output.NetworkOutputs;
import java.io.Serializable;

/**
 * How networks are run in tasks.
 *
 * @param input shape of one image as the network takes it
 * @param outputs of whole networks, which are compared by them
 * @param batchSize most images of one forward pass, at least 1
 * @param threads of a native library in one task, at least 1
 */
public record Execution(InputShape input, NetworkOutputs outputs, int batchSize, int threads)
    implements Serializable {
  private static final int VALUES_OF_A_PASS = 64 << 20;

  public Execution {
    if (batchSize < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "batches of " + batchSize + " images on " + threads + " threads cannot be run");
    }
  }

  /**
   * The images of one pass when so many values of each are held: a large network's activations
   * would fill the memory otherwise.
   */
  public int batchFor(long valuesPerImage) {
    return (int) Math.max(1, Math.min(batchSize, VALUES_OF_A_PASS / Math.max(1, valuesPerImage)));
  }
}
