package io.pare.stage.recovery;

import io.pare.io.preprocessing.Augmentation;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.stage.images.PreparedImage;
import java.io.Serializable;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Images as a network learns from them: each in a drawn view, and every second one, on average,
 * mixed with the view of another (Zhang et al. 2018, arXiv 1710.09412): the original says what
 * becomes of the mixture, so no labels are needed. Depends on the images and the seed alone.
 *
 * @param preprocessing that the network was given
 */
record DrawnViews(Preprocessing preprocessing) implements Serializable {
  private static final long SEED_IMAGE = 0xC2B2AE3D27D4EB4FL;
  private static final long MIXING = 0x27D4EB2F165667C5L;

  /**
   * Views of some images, one after the other as the network takes them.
   *
   * @param images at least one; each may be mixed with the next, the last with the first
   */
  float[] of(List<PreparedImage> images, long seed) {
    int length = preprocessing.length();
    float[] views = new float[Math.multiplyExact(images.size(), length)];
    for (int k = 0; k < images.size(); k++) {
      PreparedImage image = images.get(k);
      preprocessing
          .normalization()
          .apply(
              Augmentation.of(image.pixels(), seed + SEED_IMAGE * (image.id() + 1)),
              views,
              k * length);
    }
    return mixed(views, images, seed ^ MIXING);
  }

  private float[] mixed(float[] views, List<PreparedImage> images, long seed) {
    int length = preprocessing.length();
    float[] mixed = views.clone();
    for (int k = 0; k < images.size(); k++) {
      SplittableRandom random = new SplittableRandom(seed + SEED_IMAGE * (images.get(k).id() + 1));
      if (random.nextBoolean()) {
        float share = (float) random.nextDouble();
        int other = (k + 1) % images.size() * length;
        for (int i = 0; i < length; i++) {
          mixed[k * length + i] += share * (views[other + i] - views[k * length + i]);
        }
      }
    }
    return mixed;
  }
}
