package io.pare.stage;

import io.pare.algorithm.Evaluation;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.inference.InferenceSessions;
import io.pare.model.inference.OptimizationLevel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * Measures networks side by side on the same labelled images, in one pass. Sums return with the
 * results of tasks and are added in the order of the data set.
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
   * Evaluates networks that take the same input and know the same classes.
   *
   * @param networks ONNX bytes, at least one; the first is the reference, which each is compared
   *     to, itself included
   * @return one evaluation for each, in their order
   */
  public List<Evaluation> run(PreparedImages images, List<byte[]> networks) {
    List<NetworkOnExecutors> shipped = new ArrayList<>();
    spark.setJobDescription(
        "evaluate %d networks on %d images".formatted(networks.size(), images.count()));
    try {
      for (byte[] network : networks) {
        shipped.add(NetworkOnExecutors.ship(spark, network, OptimizationLevel.ALL, execution));
      }
      List<BlockEvaluation> parts =
          new ArrayList<>(
              images
                  .blocks()
                  .mapPartitions(new EvaluateImages(shipped, images.preprocessing(), execution))
                  .collect());
      parts.sort(Comparator.comparingInt(BlockEvaluation::block));
      return parts.stream()
          .map(BlockEvaluation::evaluations)
          .reduce(nothing(networks.size()), EvaluateModelStage::plus);
    } finally {
      shipped.forEach(NetworkOnExecutors::release);
    }
  }

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

  /** The evaluation of each network on one block of images. */
  record BlockEvaluation(int block, List<Evaluation> evaluations) {}

  private static final class EvaluateImages
      implements FlatMapFunction<Iterator<PreparedBlock>, BlockEvaluation> {
    private static final long serialVersionUID = 1L;
    private final ArrayList<NetworkOnExecutors> networks;
    private final Preprocessing preprocessing;
    private final Execution execution;

    EvaluateImages(
        List<NetworkOnExecutors> networks, Preprocessing preprocessing, Execution execution) {
      this.networks = new ArrayList<>(networks);
      this.preprocessing = preprocessing;
      this.execution = execution;
    }

    @Override
    public Iterator<BlockEvaluation> call(Iterator<PreparedBlock> blocks) {
      List<InferenceSessions.Lease> leases = new ArrayList<>();
      for (NetworkOnExecutors network : networks) {
        InferenceSessions.Lease lease = network.lease();
        TaskResources.closeAtEnd(lease::close);
        leases.add(lease);
      }
      return Iterators.mapping(
          blocks, block -> new BlockEvaluation(block.index(), evaluate(block, leases)));
    }

    private List<Evaluation> evaluate(PreparedBlock block, List<InferenceSessions.Lease> leases) {
      List<List<float[]>> outputs = new ArrayList<>();
      for (InferenceSessions.Lease lease : leases) {
        outputs.add(
            new Classifier(lease.session(), preprocessing, execution).outputs(block.images()));
      }
      List<Evaluation> sums = new ArrayList<>();
      for (List<float[]> network : outputs) {
        Evaluation sum = Evaluation.NOTHING;
        for (int k = 0; k < network.size(); k++) {
          int label = block.images().get(k).label();
          sum = sum.plus(Evaluation.of(network.get(k), outputs.get(0).get(k), label));
        }
        sums.add(sum);
      }
      return sums;
    }
  }
}
