package io.pare.stage.network;

import io.pare.algorithm.quantization.ValueHistogram;
import io.pare.algorithm.quantization.ValueRange;
import io.pare.model.inference.TensorView;
import io.pare.model.quantization.CodedTensors;
import io.pare.stage.images.ImageBatch;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.RunNetworkStage.BatchReader;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;

/**
 * Counts the values of tensors over images, in two passes: their ranges, then a histogram of each
 * over its range, with the means of what layers read by channel. Least, greatest and whole numbers
 * are the same in any order, so that the result depends on neither executors nor partitions.
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
   * @param coded tensors of a network, at least one
   * @param valuesPerImage of all of them together
   * @return by tensor, in their order; of one channel where no layer reads it
   */
  public Map<String, ValueHistogram> run(
      CodedTensors coded, PreparedImages images, long valuesPerImage) {
    List<String> tensors = coded.tensors();
    RunNetworkStage passes = new RunNetworkStage(spark, execution);
    NetworkOnExecutors shipped = passes.ship(coded.network(), tensors);
    spark.setJobDescription(
        "count the values of %d tensors on %d images".formatted(tensors.size(), images.count()));
    try {
      ArrayList<String> names = new ArrayList<>(tensors);
      JavaRDD<List<ValueRange>> ranges =
          passes.read(shipped, images, valuesPerImage, new FindRanges(names));
      List<ValueRange> whole = ranges.reduce(new JoinRanges());
      CountValues counting =
          new CountValues(names, new ArrayList<>(whole), new LinkedHashMap<>(coded.channelAxes()));
      List<ValueHistogram> histograms =
          passes.read(shipped, images, valuesPerImage, counting).treeReduce(new AddCounts());
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

  private record CountValues(
      ArrayList<String> tensors,
      ArrayList<ValueRange> ranges,
      LinkedHashMap<String, Integer> channelAxes)
      implements BatchReader<List<ValueHistogram>> {

    @Override
    public Iterator<List<ValueHistogram>> read(ImageBatch images, Map<String, TensorView> views) {
      ArrayList<ValueHistogram> counted = new ArrayList<>();
      for (int k = 0; k < tensors.size(); k++) {
        String tensor = tensors.get(k);
        counted.add(
            counted(
                views.get(tensor), ranges.get(k), Optional.ofNullable(channelAxes.get(tensor))));
      }
      return List.<List<ValueHistogram>>of(counted).iterator();
    }

    private static ValueHistogram counted(
        TensorView view, ValueRange range, Optional<Integer> channelAxis) {
      int channels = 1;
      int inner = view.values().capacity();
      if (channelAxis.isPresent()) {
        long[] shape = view.shape();
        int axis = Math.floorMod(channelAxis.get(), shape.length);
        channels = Math.toIntExact(shape[axis]);
        for (int outer = 0; outer <= axis; outer++) {
          inner /= Math.toIntExact(shape[outer]);
        }
      }
      ValueHistogram histogram = ValueHistogram.empty(range, channels);
      histogram.add(view.values(), inner);
      return histogram;
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
