package io.pare.stage;

import io.pare.algorithm.Evaluation;
import io.pare.io.block.EncodedImage;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.OptimizationLevel;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.model.rewrite.ModelRewriter;
import io.pare.model.rewrite.Replacement;
import io.pare.stage.PreparedBlock.PreparedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/**
 * Measures how much one compressed layer hurts the network's output: runs the network with a single
 * candidate in place over a few images and compares its softmax with the original's. Needs no
 * labels. One task for each trial.
 */
public final class MeasureSensitivityStage {
  private static final int ORIGINAL = -1;

  private final JavaSparkContext spark;
  private final Execution execution;

  /**
   * What to try.
   *
   * @param replacements one each
   * @param finished takes the place of a trial and its evaluation against the original, as soon as
   *     that is there
   */
  public record Trials(List<Replacement> replacements, BiConsumer<Integer, Evaluation> finished) {}

  /** A stage on a running Spark application. */
  public MeasureSensitivityStage(JavaSparkContext spark, Execution execution) {
    this.spark = spark;
    this.execution = execution;
  }

  /**
   * Runs the original, to compare trials with.
   *
   * @param network the original, BatchNormalization folded
   * @param images calibration images
   * @param count how many of them to use, evenly spread
   */
  public Original original(OnnxNetwork network, PreparedImages images, int count) {
    return new Original(
        NetworkOnExecutors.ship(spark, network.toBytes(), OptimizationLevel.ALL, execution),
        images.preprocessing(),
        sample(images, count));
  }

  /** The original on the executors, and what it puts out; freed when it is closed. */
  public final class Original implements AutoCloseable {
    private final NetworkOnExecutors network;
    private final Preprocessing preprocessing;
    private final List<PreparedImage> images;
    private final Broadcast<List<float[]>> outputs;

    private Original(
        NetworkOnExecutors network, Preprocessing preprocessing, List<PreparedImage> images) {
      this.network = network;
      this.preprocessing = preprocessing;
      this.images = images;
      outputs = spark.broadcast(outputs());
    }

    private List<float[]> outputs() {
      Broadcast<Material> material = spark.broadcast(new Material(images, List.of()));
      spark.setJobDescription("run the network that sensitivity is measured on");
      try {
        return spark.parallelize(List.of(ORIGINAL), 1).map(run(material)).first();
      } finally {
        material.destroy();
      }
    }

    private RunNetwork run(Broadcast<Material> material) {
      return new RunNetwork(network, material, preprocessing, execution);
    }

    /** Measures trials. */
    public void run(Trials trials) {
      int count = trials.replacements().size();
      Broadcast<Material> material =
          spark.broadcast(new Material(images, new ArrayList<>(trials.replacements())));
      spark.setJobDescription("measure the sensitivity of the output in " + count + " trials");
      List<Integer> numbers = IntStream.range(0, count).boxed().toList();
      try {
        FinishedPartitions.run(
            spark
                .parallelize(numbers, Math.max(1, count))
                .map(new RunTrial(run(material), outputs)),
            numbers,
            (trial, evaluations) -> trials.finished().accept(trial, evaluations.get(0)));
      } finally {
        material.destroy();
      }
    }

    @Override
    public void close() {
      outputs.destroy();
      network.release();
    }
  }

  private static List<PreparedImage> sample(PreparedImages images, int count) {
    long every = Math.max(1, images.count() / Math.max(1, count));
    List<PreparedBlock> blocks =
        new ArrayList<>(images.blocks().map(block -> block.sampled(every)).collect());
    blocks.sort(Comparator.comparingInt(PreparedBlock::index));
    return blocks.stream().flatMap(block -> block.images().stream()).toList();
  }

  /**
   * What every trial needs.
   *
   * @param images to run
   * @param trials all of them
   */
  record Material(List<PreparedImage> images, List<Replacement> trials) {}

  /** Runs the original network or one with a single replacement. */
  private static final class RunNetwork implements Function<Integer, List<float[]>> {
    private static final long serialVersionUID = 1L;
    private final NetworkOnExecutors original;
    private final Broadcast<Material> material;
    private final Preprocessing preprocessing;
    private final Execution execution;

    RunNetwork(
        NetworkOnExecutors original,
        Broadcast<Material> material,
        Preprocessing preprocessing,
        Execution execution) {
      this.original = original;
      this.material = material;
      this.preprocessing = preprocessing;
      this.execution = execution;
    }

    @Override
    public List<float[]> call(Integer trial) {
      byte[] bytes = original.bytes().value();
      if (trial != ORIGINAL) {
        OnnxNetwork network = ModelReader.read("network", bytes, ExternalData.none());
        bytes =
            ModelRewriter.rewrite(network, List.of(material.value().trials().get(trial)), Map.of())
                .toBytes();
      }
      try (InferenceSession session =
          InferenceSession.open(bytes, execution.threads(), OptimizationLevel.ALL)) {
        return new Classifier(session, preprocessing, execution).outputs(material.value().images());
      }
    }
  }

  private static final class RunTrial implements Function<Integer, Evaluation> {
    private static final long serialVersionUID = 1L;
    private final RunNetwork run;
    private final Broadcast<List<float[]>> expected;

    RunTrial(RunNetwork run, Broadcast<List<float[]>> expected) {
      this.run = run;
      this.expected = expected;
    }

    @Override
    public Evaluation call(Integer trial) {
      String layer = run.material.value().trials().get(trial).layer().name();
      return TaskFailure.named("layer " + layer + ", sensitivity", () -> evaluate(trial));
    }

    private Evaluation evaluate(Integer trial) {
      return Evaluation.of(run.call(trial), expected.value(), image -> EncodedImage.NO_LABEL);
    }
  }
}
