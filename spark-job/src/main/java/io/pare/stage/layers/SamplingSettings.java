package io.pare.stage.layers;

import io.pare.stage.images.HeldOut;
import io.pare.stage.network.Execution;
import java.io.Serializable;

/**
 * What is sampled of the images.
 *
 * @param execution how networks are run
 * @param seed of positions and held-out images
 * @param heldOut share of the images that judges fits, in (0, 0.5]
 */
public record SamplingSettings(Execution execution, long seed, double heldOut)
    implements Serializable {
  /** Which images judge the fits. */
  public HeldOut heldOutImages() {
    return new HeldOut(seed, heldOut);
  }

  /** The seed of the positions in one image and layer. */
  long positionSeed(long id, int layer) {
    return seed * 0x9E3779B97F4A7C15L + id * 0xC2B2AE3D27D4EB4FL + layer * 0x165667B19E3779F9L;
  }
}
