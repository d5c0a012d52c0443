package io.pare.stage;

import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSessions;
import io.pare.model.inference.OptimizationLevel;
import io.pare.model.inference.TensorData;
import io.pare.stage.PreparedBlock.PreparedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * Runs a network, or a section of one, over the images. The network is cut so that it computes
 * nothing but the wanted tensors. Lazy: nothing runs before the activations are asked for.
 */
final class RunNetworkStage {
  private final JavaSparkContext spark;
  private final Execution execution;

  RunNetworkStage(JavaSparkContext spark, Execution execution) {
    this.spark = spark;
    this.execution = execution;
  }

  /**
   * Runs a network from its images on.
   *
   * @param tensors to compute
   * @param valuesPerImage decides how the images are cut into batches
   */
  Activations run(
      OnnxNetwork network, PreparedImages images, List<String> tensors, long valuesPerImage) {
    NetworkOnExecutors shipped = ship(network.withOutputs(tensors));
    JavaRDD<ActivationBatch> batches =
        images
            .blocks()
            .mapPartitions(
                new RunImages(
                    shipped, images.preprocessing(), execution.batchFor(valuesPerImage), tensors));
    return new Activations(batches, tensors, shipped);
  }

  /**
   * Goes on from activations.
   *
   * @param section computes those wanted tensors that are not there yet
   * @param tensors wanted
   */
  Activations run(OnnxNetwork section, Activations from, List<String> tensors) {
    NetworkOnExecutors shipped = ship(section);
    return new Activations(
        from.batches().mapPartitions(new RunSection(shipped, from.tensors(), tensors)),
        tensors,
        shipped);
  }

  private NetworkOnExecutors ship(OnnxNetwork network) {
    return NetworkOnExecutors.ship(spark, network.toBytes(), OptimizationLevel.BASIC, execution);
  }

  private static final class RunImages
      implements FlatMapFunction<Iterator<PreparedBlock>, ActivationBatch> {
    private static final long serialVersionUID = 1L;
    private final NetworkOnExecutors network;
    private final Preprocessing preprocessing;
    private final int batchSize;
    private final ArrayList<String> tensors;

    RunImages(
        NetworkOnExecutors network,
        Preprocessing preprocessing,
        int batchSize,
        List<String> tensors) {
      this.network = network;
      this.preprocessing = preprocessing;
      this.batchSize = batchSize;
      this.tensors = new ArrayList<>(tensors);
    }

    @Override
    public Iterator<ActivationBatch> call(Iterator<PreparedBlock> blocks) {
      InferenceSessions.Lease lease = network.lease();
      TaskResources.closeAtEnd(lease::close);
      Iterator<ImageBatch> batches =
          Iterators.flatMapping(blocks, block -> ImageBatch.cut(block, batchSize).iterator());
      return Iterators.mapping(batches, images -> run(images, lease));
    }

    private ActivationBatch run(ImageBatch images, InferenceSessions.Lease lease) {
      long[] ids = images.images().stream().mapToLong(PreparedImage::id).toArray();
      Map<String, TensorData> values =
          TaskFailure.named(
              "network on images " + Arrays.toString(ids),
              () ->
                  lease
                      .session()
                      .run(
                          images.tensor(preprocessing),
                          images.size(),
                          network.execution().input()));
      return new ActivationBatch(
          images.block(), images.batch(), ids, tensors.stream().map(values::get).toList());
    }
  }

  private static final class RunSection
      implements FlatMapFunction<Iterator<ActivationBatch>, ActivationBatch> {
    private static final long serialVersionUID = 1L;
    private final NetworkOnExecutors section;
    private final ArrayList<String> given;
    private final ArrayList<String> wanted;

    RunSection(NetworkOnExecutors section, List<String> given, List<String> wanted) {
      this.section = section;
      this.given = new ArrayList<>(given);
      this.wanted = new ArrayList<>(wanted);
    }

    @Override
    public Iterator<ActivationBatch> call(Iterator<ActivationBatch> batches) {
      InferenceSessions.Lease lease = section.lease();
      TaskResources.closeAtEnd(lease::close);
      return Iterators.mapping(batches, batch -> run(batch, lease));
    }

    private ActivationBatch run(ActivationBatch batch, InferenceSessions.Lease lease) {
      Map<String, TensorData> known = new LinkedHashMap<>();
      for (int k = 0; k < given.size(); k++) {
        known.put(given.get(k), batch.tensors().get(k));
      }
      Map<String, TensorData> read = new LinkedHashMap<>(known);
      read.keySet().retainAll(lease.session().inputs());
      known.putAll(lease.session().run(read));
      return new ActivationBatch(
          batch.block(), batch.batch(), batch.ids(), wanted.stream().map(known::get).toList());
    }
  }
}
