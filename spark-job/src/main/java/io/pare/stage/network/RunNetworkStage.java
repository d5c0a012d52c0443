package io.pare.stage.network;

import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSessions;
import io.pare.model.inference.TensorData;
import io.pare.model.inference.TensorView;
import io.pare.stage.images.ImageBatch;
import io.pare.stage.images.PreparedBlock;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.spark.Iterators;
import io.pare.stage.spark.TaskResources;
import java.io.Serializable;
import java.util.ArrayList;
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
public final class RunNetworkStage {
  private final JavaSparkContext spark;
  private final Execution execution;

  public RunNetworkStage(JavaSparkContext spark, Execution execution) {
    this.spark = spark;
    this.execution = execution;
  }

  /**
   * Runs a network from its images on.
   *
   * @param tensors to compute
   * @param valuesPerImage decides how the images are cut into batches
   */
  public Activations run(
      OnnxNetwork network, PreparedImages images, List<String> tensors, long valuesPerImage) {
    NetworkOnExecutors shipped = ship(network, tensors);
    return new Activations(
        read(shipped, images, valuesPerImage, new CopyTensors(tensors)), tensors, shipped);
  }

  /**
   * A network that computes some tensors, on the executors.
   *
   * @param tensors to compute
   */
  public NetworkOnExecutors ship(OnnxNetwork network, List<String> tensors) {
    return ship(network.withOutputs(tensors));
  }

  /** What is made of the tensors of one forward pass while they are there. */
  public interface BatchReader<T> extends Serializable {

    /**
     * Reads a batch.
     *
     * @param tensors by name; of no use after this has returned
     */
    public Iterator<T> read(ImageBatch images, Map<String, TensorView> tensors);
  }

  /**
   * Runs a network over the images and reads its tensors batch by batch, without a copy.
   *
   * @param valuesPerImage decides how the images are cut into batches
   */
  public <T> JavaRDD<T> read(
      NetworkOnExecutors network,
      PreparedImages images,
      long valuesPerImage,
      BatchReader<T> reader) {
    int batch = execution.batchFor(valuesPerImage);
    return images
        .blocks()
        .mapPartitions(new RunImages<>(network, images.preprocessing(), batch, reader));
  }

  /**
   * Goes on from activations.
   *
   * @param section computes those wanted tensors that are not there yet
   * @param tensors wanted
   */
  public Activations run(OnnxNetwork section, Activations from, List<String> tensors) {
    NetworkOnExecutors shipped = ship(section);
    return new Activations(
        from.batches().mapPartitions(new RunSection(shipped, from.tensors(), tensors)),
        tensors,
        shipped);
  }

  private NetworkOnExecutors ship(OnnxNetwork network) {
    return NetworkOnExecutors.ship(spark, network.toBytes(), execution);
  }

  private static final class RunImages<T> implements FlatMapFunction<Iterator<PreparedBlock>, T> {
    private static final long serialVersionUID = 1L;
    private final NetworkOnExecutors network;
    private final Preprocessing preprocessing;
    private final int batchSize;
    private final BatchReader<T> reader;

    RunImages(
        NetworkOnExecutors network,
        Preprocessing preprocessing,
        int batchSize,
        BatchReader<T> reader) {
      this.network = network;
      this.preprocessing = preprocessing;
      this.batchSize = batchSize;
      this.reader = reader;
    }

    @Override
    public Iterator<T> call(Iterator<PreparedBlock> blocks) {
      InferenceSessions.Lease lease = network.lease();
      TaskResources.closeAtEnd(lease::close);
      Iterator<ImageBatch> batches =
          Iterators.flatMapping(blocks, block -> ImageBatch.cut(block, batchSize).iterator());
      return Iterators.flatMapping(batches, images -> run(images, lease));
    }

    private Iterator<T> run(ImageBatch images, InferenceSessions.Lease lease) {
      return lease
          .session()
          .read(
              images.tensor(preprocessing),
              images.size(),
              network.execution().input(),
              tensors -> reader.read(images, tensors));
    }
  }

  private record CopyTensors(ArrayList<String> tensors) implements BatchReader<ActivationBatch> {
    CopyTensors(List<String> tensors) {
      this(new ArrayList<>(tensors));
    }

    @Override
    public Iterator<ActivationBatch> read(ImageBatch images, Map<String, TensorView> views) {
      ActivationBatch batch =
          new ActivationBatch(
              images.block(),
              images.batch(),
              images.ids(),
              tensors.stream().map(views::get).map(TensorView::copied).toList());
      return List.of(batch).iterator();
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
      known.putAll(lease.session().run(known));
      return new ActivationBatch(
          batch.block(), batch.batch(), batch.ids(), wanted.stream().map(known::get).toList());
    }
  }
}
