package io.pare.stage.matrix;

import java.io.Serializable;
import java.util.stream.IntStream;

/**
 * Samples of each block, in order.
 *
 * @param fit samples that a fit may see
 * @param heldOut samples behind them
 */
@SuppressWarnings("ArrayRecordComponent")
public record SampleCounts(int[] fit, int[] heldOut) implements Serializable {
  int samples() {
    return IntStream.of(fit).sum() + IntStream.of(heldOut).sum();
  }

  /** Where each row goes when the samples of the fit of all blocks come first. */
  int[] places() {
    int[] places = new int[samples()];
    int row = 0;
    int nextFit = 0;
    int nextHeldOut = IntStream.of(fit).sum();
    for (int block = 0; block < fit.length; block++) {
      for (int k = 0; k < fit[block]; k++) {
        places[row++] = nextFit++;
      }
      for (int k = 0; k < heldOut[block]; k++) {
        places[row++] = nextHeldOut++;
      }
    }
    return places;
  }
}
