package io.pare.stage.images;

import io.pare.io.image.RgbImage;

/**
 * A good image.
 *
 * @param id place among the images that are used, in the order of the data set
 * @param label class index, or -1
 * @param pixels of the size that the network takes
 */
public record PreparedImage(long id, int label, RgbImage pixels) {}
