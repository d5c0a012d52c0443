package io.pare.stage.network;

import io.pare.algorithm.quantization.ValueHistogram;
import io.pare.algorithm.quantization.ValueRange;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.TensorView;
import io.pare.stage.images.ImageBatch;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.RunNetworkStage.BatchReader;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;

/**
 * Counts the values of tensors over images, in two passes: their ranges, then a histogram of each
 * over its range. Least, greatest and whole numbers are the same in any order, so that the result
 * depends on neither executors nor partitions.
 */
public final class GatherHistogramsStage {
  private final JavaSparkContext spark;
  private final Execution execution;

  /** A stage on a running Spark application. */
  public GatherHistogramsStage(JavaSparkContext spark, Execution execution) {
    this.spark = spark;
    this.execution = execution;
  }

  /**
   * Gathers the histograms.
   *
   * @param tensors of the network, at least one, its input among them or not
   * @param valuesPerImage of all of them together
   * @return by tensor, in their order
   */
  public Map<String, ValueHistogram> run(
      OnnxNetwork network, PreparedImages images, List<String> tensors, long valuesPerImage) {
    RunNetworkStage passes = new RunNetworkStage(spark, execution);
    NetworkOnExecutors shipped = passes.ship(network, tensors);
    spark.setJobDescription(
        "count the values of %d tensors on %d images".formatted(tensors.size(), images.count()));
    try {
      ArrayList<String> names = new ArrayList<>(tensors);
      JavaRDD<List<ValueRange>> ranges =
          passes.read(shipped, images, valuesPerImage, new FindRanges(names));
      List<ValueRange> whole = ranges.reduce(new JoinRanges());
      List<ValueHistogram> nothing = new ArrayList<>();
      whole.forEach(range -> nothing.add(ValueHistogram.empty(range)));
      JavaRDD<List<ValueHistogram>> counts =
          passes.read(
              shipped, images, valuesPerImage, new CountValues(names, new ArrayList<>(whole)));
      List<ValueHistogram> histograms =
          counts.treeAggregate(nothing, new AddCounts(), new AddCounts());
      Map<String, ValueHistogram> byTensor = new LinkedHashMap<>();
      for (int k = 0; k < names.size(); k++) {
        byTensor.put(names.get(k), histograms.get(k));
      }
      return byTensor;
    } finally {
      shipped.release();
    }
  }

  private record FindRanges(ArrayList<String> tensors) implements BatchReader<List<ValueRange>> {

    @Override
    public Iterator<List<ValueRange>> read(ImageBatch images, Map<String, TensorView> views) {
      ArrayList<ValueRange> ranges = new ArrayList<>();
      tensors.forEach(tensor -> ranges.add(range(views.get(tensor).values())));
      return List.<List<ValueRange>>of(ranges).iterator();
    }

    private static ValueRange range(FloatBuffer values) {
      float low = Float.POSITIVE_INFINITY;
      float high = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < values.capacity(); i++) {
        low = Math.min(low, values.get(i));
        high = Math.max(high, values.get(i));
      }
      return new ValueRange(low, high);
    }
  }

  private static final class JoinRanges
      implements Function2<List<ValueRange>, List<ValueRange>, List<ValueRange>> {
    private static final long serialVersionUID = 1L;

    @Override
    public List<ValueRange> call(List<ValueRange> one, List<ValueRange> other) {
      ArrayList<ValueRange> joined = new ArrayList<>();
      for (int k = 0; k < one.size(); k++) {
        joined.add(one.get(k).union(other.get(k)));
      }
      return joined;
    }
  }

  private record CountValues(ArrayList<String> tensors, ArrayList<ValueRange> ranges)
      implements BatchReader<List<ValueHistogram>> {

    @Override
    public Iterator<List<ValueHistogram>> read(ImageBatch images, Map<String, TensorView> views) {
      ArrayList<ValueHistogram> counted = new ArrayList<>();
      for (int k = 0; k < tensors.size(); k++) {
        ValueHistogram histogram = ValueHistogram.empty(ranges.get(k));
        histogram.add(views.get(tensors.get(k)).values());
        counted.add(histogram);
      }
      return List.<List<ValueHistogram>>of(counted).iterator();
    }
  }

  private static final class AddCounts
      implements Function2<List<ValueHistogram>, List<ValueHistogram>, List<ValueHistogram>> {
    private static final long serialVersionUID = 1L;

    @Override
    public List<ValueHistogram> call(List<ValueHistogram> sum, List<ValueHistogram> more) {
      for (int k = 0; k < sum.size(); k++) {
        sum.get(k).addAll(more.get(k));
      }
      return sum;
    }
  }
}
