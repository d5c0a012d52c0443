package io.pare.stage.images;

import io.pare.io.preprocessing.Preprocessing;
import java.util.ArrayList;
import java.util.List;

/**
 * The images of one forward pass.
 *
 * @param block that they are from
 * @param batch place within the block
 * @param images at least one
 */
public record ImageBatch(int block, int batch, List<PreparedImage> images) {

  /** Cuts a block into batches. */
  public static List<ImageBatch> cut(PreparedBlock block, int size) {
    return cut(block.index(), block.images(), size);
  }

  /** Cuts images of any blocks into batches, which then are of one block. */
  public static List<ImageBatch> cut(List<PreparedImage> images, int size) {
    return cut(0, images, size);
  }

  private static List<ImageBatch> cut(int block, List<PreparedImage> images, int size) {
    List<ImageBatch> batches = new ArrayList<>();
    for (int from = 0; from < images.size(); from += size) {
      int to = Math.min(images.size(), from + size);
      batches.add(new ImageBatch(block, batches.size(), images.subList(from, to)));
    }
    return batches;
  }

  public int size() {
    return images.size();
  }

  /** The images' ids, in order. */
  public long[] ids() {
    return images.stream().mapToLong(PreparedImage::id).toArray();
  }

  /** The input of the network. */
  public float[] tensor(Preprocessing preprocessing) {
    int length = preprocessing.length();
    float[] tensor = new float[Math.multiplyExact(size(), length)];
    for (int k = 0; k < size(); k++) {
      preprocessing.normalization().apply(images.get(k).pixels(), tensor, k * length);
    }
    return tensor;
  }
}
