package io.pare.stage.network;

import io.pare.model.inference.TensorView;
import io.pare.stage.images.ImageBatch;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.AccumulatorV2;

/**
 * Looks at the magnitudes of tensors while a network runs for something else. What is done twice,
 * as after a lost executor, changes nothing: only the largest count.
 */
public final class ValueWatch {
  private final ArrayList<String> tensors;
  private final Largest largest = new Largest();

  /**
   * A watch on a running Spark application.
   *
   * @param tensors that the network is to compute, or reads
   */
  public ValueWatch(JavaSparkContext spark, List<String> tensors) {
    this.tensors = new ArrayList<>(tensors);
    spark.sc().register(largest, "largest magnitudes");
  }

  /** The tensors. */
  public List<String> tensors() {
    return List.copyOf(tensors);
  }

  /** The largest magnitude so far of each tensor, infinite where a value is not finite. */
  public Map<String, Float> largest() {
    return largest.value();
  }

  /** What looks at the tensors before another reads them. */
  public <T> RunNetworkStage.BatchReader<T> before(RunNetworkStage.BatchReader<T> reader) {
    return new Looking<>(tensors, largest, reader);
  }

  private record Looking<T>(
      ArrayList<String> tensors, Largest largest, RunNetworkStage.BatchReader<T> reader)
      implements RunNetworkStage.BatchReader<T> {

    @Override
    public Iterator<T> read(ImageBatch images, Map<String, TensorView> views) {
      for (String tensor : tensors) {
        FloatBuffer values = views.get(tensor).values();
        largest.add(Map.of(tensor, CheckValuesStage.largest(values, 0, values.capacity())));
      }
      return reader.read(images, views);
    }
  }

  private static final class Largest extends AccumulatorV2<Map<String, Float>, Map<String, Float>> {
    private static final long serialVersionUID = 1L;
    private final HashMap<String, Float> largest = new HashMap<>();

    @Override
    public boolean isZero() {
      return largest.isEmpty();
    }

    @Override
    public Largest copy() {
      Largest copy = new Largest();
      copy.add(largest);
      return copy;
    }

    @Override
    public void reset() {
      largest.clear();
    }

    @Override
    public void add(Map<String, Float> more) {
      more.forEach((tensor, value) -> largest.merge(tensor, value, Math::max));
    }

    @Override
    public void merge(AccumulatorV2<Map<String, Float>, Map<String, Float>> other) {
      add(other.value());
    }

    @Override
    public Map<String, Float> value() {
      return Map.copyOf(largest);
    }
  }
}
