package io.pare.stage.network;

import io.pare.InputException;
import io.pare.algorithm.statistics.Evaluation;
import io.pare.algorithm.statistics.OutputLayout;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSessions;
import io.pare.model.output.NetworkOutputs;
import io.pare.stage.images.PreparedBlock;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.spark.Iterators;
import io.pare.stage.spark.TaskResources;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.storage.StorageLevel;

/**
 * Measures networks beside a reference on the same labelled images. Sums return with the results of
 * tasks and are added in the order of the data set.
 */
public final class EvaluateModelStage {
  private final JavaSparkContext spark;
  private final Execution execution;

  /** A stage on a running Spark application. */
  public EvaluateModelStage(JavaSparkContext spark, Execution execution) {
    this.spark = spark;
    this.execution = execution;
  }

  /**
   * A network that others are compared to. It is shipped and run over the images once, with the
   * first of them.
   *
   * @param outputs of this network, under its own names
   */
  public Reference reference(PreparedImages images, OnnxNetwork network, NetworkOutputs outputs) {
    return new Reference(images, network, outputs);
  }

  /**
   * The outputs of a network, held on the executors until they are closed, before the images are
   * released. Safe for use by several threads.
   */
  public final class Reference implements AutoCloseable {
    private final PreparedImages images;
    private final OnnxNetwork network;
    private final NetworkOutputs its;
    private Optional<OutputsOnExecutors> kept = Optional.empty();

    private Reference(PreparedImages images, OnnxNetwork network, NetworkOutputs its) {
      this.images = images;
      this.network = network;
      this.its = its;
    }

    private synchronized JavaRDD<BlockOutputs> outputs() {
      if (kept.isEmpty()) {
        NetworkOnExecutors shipped = NetworkOnExecutors.ship(spark, network.toBytes(), execution);
        kept =
            Optional.of(
                new OutputsOnExecutors(
                    shipped,
                    images
                        .blocks()
                        .mapPartitions(new RunImages(shipped, its, images.preprocessing()))
                        .persist(StorageLevel.MEMORY_AND_DISK_SER())));
      }
      return kept.get().blocks();
    }

    /**
     * Evaluates the reference, and networks that take the same input and have the same outputs.
     *
     * @param networks ONNX bytes
     * @return the reference's evaluation, then one for each of the others, in their order
     * @throws InputException if the reference puts out what is not finite
     */
    public List<Evaluation> evaluate(List<byte[]> networks) {
      List<NetworkOnExecutors> shipped = new ArrayList<>();
      spark.setJobDescription(
          "evaluate %d networks on %d images".formatted(1 + networks.size(), images.count()));
      try {
        for (byte[] other : networks) {
          shipped.add(NetworkOnExecutors.ship(spark, other, execution));
        }
        List<BlockEvaluation> parts =
            new ArrayList<>(
                images
                    .blocks()
                    .zipPartitions(
                        outputs(),
                        new EvaluateImages(
                            shipped, execution.outputs().layouts(), images.preprocessing()))
                    .collect());
        parts.sort(Comparator.comparingInt(BlockEvaluation::block));
        List<Evaluation> sums =
            parts.stream()
                .map(BlockEvaluation::evaluations)
                .reduce(nothing(1 + networks.size()), EvaluateModelStage::plus);
        requireFinite(sums.get(0));
        return sums;
      } finally {
        shipped.forEach(NetworkOnExecutors::release);
      }
    }

    @Override
    public synchronized void close() {
      kept.ifPresent(
          outputs -> {
            outputs.blocks().unpersist();
            outputs.network().release();
          });
      kept = Optional.empty();
    }
  }

  private static void requireFinite(Evaluation reference) {
    if (!Double.isFinite(reference.difference()) || !Double.isFinite(reference.loss())) {
      throw InputException.data(
          "the output of the original network is not finite for some of the %d images that it is judged on; leave them out, or mend the network or its preprocessing"
              .formatted(reference.images()));
    }
  }

  private record OutputsOnExecutors(NetworkOnExecutors network, JavaRDD<BlockOutputs> blocks) {}

  private static List<Evaluation> nothing(int networks) {
    return Collections.nCopies(networks, Evaluation.NOTHING);
  }

  private static List<Evaluation> plus(List<Evaluation> sums, List<Evaluation> parts) {
    List<Evaluation> result = new ArrayList<>();
    for (int k = 0; k < sums.size(); k++) {
      result.add(sums.get(k).plus(parts.get(k)));
    }
    return result;
  }

  /** What a network puts out for each image of a block, all outputs one after the other. */
  public record BlockOutputs(int block, List<float[]> outputs) {}

  /** The evaluation of each network on one block of images. */
  public record BlockEvaluation(int block, List<Evaluation> evaluations) {}

  private static final class RunImages
      implements FlatMapFunction<Iterator<PreparedBlock>, BlockOutputs> {
    private static final long serialVersionUID = 1L;
    private final NetworkOnExecutors network;
    private final NetworkOutputs outputs;
    private final Preprocessing preprocessing;

    RunImages(NetworkOnExecutors network, NetworkOutputs outputs, Preprocessing preprocessing) {
      this.network = network;
      this.outputs = outputs;
      this.preprocessing = preprocessing;
    }

    @Override
    public Iterator<BlockOutputs> call(Iterator<PreparedBlock> blocks) {
      OutputReader reader = reader(network, outputs, preprocessing);
      return Iterators.mapping(
          blocks, block -> new BlockOutputs(block.index(), reader.outputs(block.images())));
    }
  }

  /** Leased until the task ends. */
  private static OutputReader reader(
      NetworkOnExecutors network, NetworkOutputs outputs, Preprocessing preprocessing) {
    InferenceSessions.Lease lease = network.lease();
    TaskResources.closeAtEnd(lease::close);
    return new OutputReader(lease.session(), preprocessing, network.execution(), outputs);
  }

  private static final class EvaluateImages
      implements FlatMapFunction2<
          Iterator<PreparedBlock>, Iterator<BlockOutputs>, BlockEvaluation> {
    private static final long serialVersionUID = 1L;
    private final ArrayList<NetworkOnExecutors> networks;
    private final ArrayList<OutputLayout> layouts;
    private final Preprocessing preprocessing;

    EvaluateImages(
        List<NetworkOnExecutors> networks,
        List<OutputLayout> layouts,
        Preprocessing preprocessing) {
      this.networks = new ArrayList<>(networks);
      this.layouts = new ArrayList<>(layouts);
      this.preprocessing = preprocessing;
    }

    @Override
    public Iterator<BlockEvaluation> call(
        Iterator<PreparedBlock> blocks, Iterator<BlockOutputs> references) {
      List<OutputReader> readers =
          networks.stream()
              .map(network -> reader(network, network.execution().outputs(), preprocessing))
              .toList();
      return Iterators.mapping(blocks, block -> evaluate(block, references.next(), readers));
    }

    private BlockEvaluation evaluate(
        PreparedBlock block, BlockOutputs reference, List<OutputReader> readers) {
      List<Evaluation> evaluations = new ArrayList<>();
      IntUnaryOperator labels = image -> block.images().get(image).label();
      evaluations.add(Evaluation.of(layouts, reference.outputs(), reference.outputs(), labels));
      for (OutputReader reader : readers) {
        evaluations.add(
            Evaluation.of(layouts, reader.outputs(block.images()), reference.outputs(), labels));
      }
      return new BlockEvaluation(block.index(), evaluations);
    }
  }
}
