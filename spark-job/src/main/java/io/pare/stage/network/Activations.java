package io.pare.stage.network;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;

/**
 * What some tensors of a network hold for all images: computed when asked for, from the images or
 * from activations that are stored.
 *
 * @param batches in the order of the data set
 * @param tensors their names
 * @param network that they are computed with; must outlive them
 */
public record Activations(
    JavaRDD<ActivationBatch> batches, List<String> tensors, NetworkOnExecutors network) {

  /** Keeps them on the executors' disks once they are computed. */
  public void store() {
    batches.persist(StorageLevel.DISK_ONLY());
  }

  /** Whether they are kept. */
  public boolean isStored() {
    return batches.getStorageLevel().useDisk();
  }

  /** Frees the disks; they are computed again when they are asked for. */
  public void forget() {
    batches.unpersist();
  }

  /** Frees everything; they must not be used afterwards. */
  public void release() {
    forget();
    network.release();
  }
}
