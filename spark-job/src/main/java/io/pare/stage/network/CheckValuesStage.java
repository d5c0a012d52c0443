package io.pare.stage.network;

import io.pare.model.OnnxNetwork;
import io.pare.model.inference.TensorView;
import io.pare.stage.images.ImageBatch;
import io.pare.stage.images.PreparedImages;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Finds the images for which tensors of a network hold values that no fit can use: those that are
 * not finite or above 2^50, whose squares a sum of floats does not hold.
 */
public final class CheckValuesStage {
  /** Magnitude that values may have. */
  public static final float LARGEST = 0x1p50f;

  // Values that are copied out of ONNX Runtime's memory before they are looked at.
  private static final int AT_ONCE = 4096;

  private final JavaSparkContext spark;
  private final Execution execution;

  /** A stage on a running Spark application. */
  public CheckValuesStage(JavaSparkContext spark, Execution execution) {
    this.spark = spark;
    this.execution = execution;
  }

  /**
   * What a tensor holds.
   *
   * @param unusable ids of the images for which it holds such values
   * @param largest magnitude for all other images
   */
  public record Values(TreeSet<Long> unusable, float largest) {

    private Values plus(TensorValues other) {
      TreeSet<Long> all = new TreeSet<>(unusable);
      all.addAll(other.unusable());
      return new Values(all, Math.max(largest, other.largest()));
    }
  }

  /**
   * Runs a network over the images.
   *
   * @param tensors to look at, each written by a node
   * @return by tensor
   */
  public Map<String, Values> run(OnnxNetwork network, PreparedImages images, List<String> tensors) {
    NetworkOnExecutors shipped =
        NetworkOnExecutors.ship(spark, network.withOutputs(tensors).toBytes(), execution);
    spark.setJobDescription("look for values that no fit can use");
    try {
      Map<String, Values> found = new LinkedHashMap<>();
      tensors.forEach(tensor -> found.put(tensor, new Values(new TreeSet<>(), 0)));
      new RunNetworkStage(spark, execution)
          .read(shipped, images, 1, new LookAtValues(new ArrayList<>(tensors)))
          .collect()
          .forEach(
              batch -> {
                for (int k = 0; k < tensors.size(); k++) {
                  TensorValues its = batch.tensors().get(k);
                  found.compute(tensors.get(k), (name, so) -> so.plus(its));
                }
              });
      return found;
    } finally {
      shipped.release();
    }
  }

  /** The largest magnitude, infinite where one is not finite. */
  static float largest(FloatBuffer values, int from, int to) {
    float[] some = new float[Math.min(to - from, AT_ONCE)];
    // Without their sign, the bits of floats are in the order of the magnitudes, NaN the last.
    int largest = 0;
    for (int at = from; at < to; at += some.length) {
      int count = Math.min(to - at, some.length);
      values.get(at, some, 0, count);
      for (int k = 0; k < count; k++) {
        largest = Math.max(largest, Float.floatToRawIntBits(some[k]) & Integer.MAX_VALUE);
      }
    }
    float magnitude = Float.intBitsToFloat(largest);
    return Float.isNaN(magnitude) ? Float.POSITIVE_INFINITY : magnitude;
  }

  /**
   * What the tensors hold in one forward pass.
   *
   * @param tensors in their order
   */
  public record BatchValues(List<TensorValues> tensors) {}

  /**
   * What one tensor holds in one forward pass.
   *
   * @param unusable ids of images
   * @param largest magnitude for the others
   */
  public record TensorValues(List<Long> unusable, float largest) {}

  private record LookAtValues(ArrayList<String> tensors)
      implements RunNetworkStage.BatchReader<BatchValues> {

    @Override
    public Iterator<BatchValues> read(ImageBatch images, Map<String, TensorView> views) {
      List<TensorValues> found = new ArrayList<>();
      for (String tensor : tensors) {
        found.add(values(images.ids(), views.get(tensor).values()));
      }
      return List.of(new BatchValues(found)).iterator();
    }

    private static TensorValues values(long[] ids, FloatBuffer values) {
      int each = values.capacity() / ids.length;
      List<Long> unusable = new ArrayList<>();
      float largest = 0;
      for (int k = 0; k < ids.length; k++) {
        float its = largest(values, k * each, (k + 1) * each);
        if (its <= LARGEST) {
          largest = Math.max(largest, its);
        } else {
          unusable.add(ids[k]);
        }
      }
      return new TensorValues(unusable, largest);
    }
  }
}
