package io.pare.stage;

import io.pare.algorithm.Evaluation;
import io.pare.model.inference.InferenceSessions;
import io.pare.model.inference.OptimizationLevel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * Measures a network on labelled images, and beside it a reference network on the same ones. Counts
 * return with the results of tasks and are summed in the order of the data set.
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
   * Evaluates.
   *
   * @param model bytes of the network
   * @param reference bytes of the network it is compared to; may be the same
   */
  public Evaluation run(PreparedImages images, byte[] model, byte[] reference) {
    NetworkOnExecutors network =
        NetworkOnExecutors.ship(spark, model, OptimizationLevel.ALL, execution);
    NetworkOnExecutors other =
        NetworkOnExecutors.ship(spark, reference, OptimizationLevel.ALL, execution);
    spark.setJobDescription("evaluate on " + images.count() + " images");
    try {
      List<BlockEvaluation> parts =
          new ArrayList<>(
              images
                  .blocks()
                  .mapPartitions(
                      new EvaluateImages(network, other, images.preprocessing(), execution))
                  .collect());
      parts.sort(Comparator.comparingInt(BlockEvaluation::block));
      return parts.stream()
          .map(BlockEvaluation::evaluation)
          .reduce(Evaluation.NOTHING, Evaluation::plus);
    } finally {
      network.release();
      other.release();
    }
  }

  /** The evaluation of one block of images. */
  record BlockEvaluation(int block, Evaluation evaluation) {}

  private static final class EvaluateImages
      implements FlatMapFunction<Iterator<PreparedBlock>, BlockEvaluation> {
    private static final long serialVersionUID = 1L;
    private final NetworkOnExecutors network;
    private final NetworkOnExecutors reference;
    private final io.pare.io.Preprocessing preprocessing;
    private final Execution execution;

    EvaluateImages(
        NetworkOnExecutors network,
        NetworkOnExecutors reference,
        io.pare.io.Preprocessing preprocessing,
        Execution execution) {
      this.network = network;
      this.reference = reference;
      this.preprocessing = preprocessing;
      this.execution = execution;
    }

    @Override
    public Iterator<BlockEvaluation> call(Iterator<PreparedBlock> blocks) {
      InferenceSessions.Lease first = network.lease();
      TaskResources.closeAtEnd(first::close);
      InferenceSessions.Lease second = reference.lease();
      TaskResources.closeAtEnd(second::close);
      return Iterators.mapping(
          blocks, block -> new BlockEvaluation(block.index(), evaluate(block, first, second)));
    }

    private Evaluation evaluate(
        PreparedBlock block, InferenceSessions.Lease first, InferenceSessions.Lease second) {
      Evaluation sum = Evaluation.NOTHING;
      for (ImageBatch batch : ImageBatch.cut(block, execution.batchSize())) {
        float[] tensor = batch.tensor(preprocessing);
        float[] outputs = outputs(first, tensor, batch.size());
        float[] expected = outputs(second, tensor, batch.size());
        int classes = outputs.length / batch.size();
        for (int k = 0; k < batch.size(); k++) {
          sum =
              sum.plus(
                  Evaluation.of(
                      java.util.Arrays.copyOfRange(outputs, k * classes, (k + 1) * classes),
                      java.util.Arrays.copyOfRange(expected, k * classes, (k + 1) * classes),
                      batch.images().get(k).label()));
        }
      }
      return sum;
    }

    private float[] outputs(InferenceSessions.Lease lease, float[] tensor, int images) {
      return lease
          .session()
          .run(tensor, images, execution.input())
          .values()
          .iterator()
          .next()
          .values();
    }
  }
}
