package io.pare.stage.network;

import static io.pare.io.block.EncodedImage.NO_LABEL;

import io.pare.algorithm.statistics.Evaluation;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.Layer;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSession;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.model.rewrite.Replacement;
import io.pare.stage.images.HeldOut;
import io.pare.stage.images.PreparedBlock;
import io.pare.stage.images.PreparedImage;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.spark.FinishedPartitions;
import io.pare.stage.spark.TaskFailure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/**
 * Measures how much one compressed layer hurts the network's outputs: runs the network with a
 * single candidate in place over a few images and compares its outputs with the original's. Needs
 * no labels. One task for the trials of a layer, or where that leaves cores idle several, each for
 * some batches of the images; what is added up, and in which order, is always the same.
 */
public final class MeasureSensitivityStage {
  /** Of the networks that a task has loaded, what comes before their layer not counted. */
  private static final long MOST_BYTES_AT_ONCE = 512L << 20;

  private final JavaSparkContext spark;
  private final Execution execution;

  /**
   * What to try.
   *
   * @param replacements one each, those of a layer one after the other
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
   * @param layers of it, any of which may be replaced
   * @param images calibration images
   * @param heldOut those of them that no fit has seen, which are used first
   * @param count how many of them to use, evenly spread
   */
  public Original original(
      OnnxNetwork network, List<Layer> layers, PreparedImages images, HeldOut heldOut, int count) {
    return new Original(
        NetworkOnExecutors.ship(spark, network.toBytes(), execution),
        layers,
        images.preprocessing(),
        sample(images, heldOut, count));
  }

  /** The original on the executors, and what it puts out; freed when it is closed. */
  public final class Original implements AutoCloseable {
    private final NetworkOnExecutors network;
    private final List<Layer> layers;
    private final Preprocessing preprocessing;
    private final List<PreparedImage> images;
    private final Broadcast<List<float[]>> outputs;

    private Original(
        NetworkOnExecutors network,
        List<Layer> layers,
        Preprocessing preprocessing,
        List<PreparedImage> images) {
      this.network = network;
      this.layers = layers;
      this.preprocessing = preprocessing;
      this.images = images;
      outputs = spark.broadcast(outputs());
    }

    private List<float[]> outputs() {
      Broadcast<Material> material = spark.broadcast(new Material(images, List.of()));
      spark.setJobDescription("run the network that sensitivity is measured on");
      try {
        int batch = execution.batchSize();
        int batches = batches();
        List<Integer> firsts = IntStream.range(0, batches).map(k -> k * batch).boxed().toList();
        return new ArrayList<>(
            spark
                .parallelize(firsts, Math.max(1, Math.min(batches, spark.defaultParallelism())))
                .mapPartitions(new RunOriginal(network, material, preprocessing))
                .collect());
      } finally {
        material.destroy();
      }
    }

    /** Measures trials. */
    public void run(Trials trials) {
      int count = trials.replacements().size();
      Broadcast<Material> material =
          spark.broadcast(new Material(images, new ArrayList<>(trials.replacements())));
      spark.setJobDescription("measure the sensitivity of the output in " + count + " trials");
      int batches = batches();
      List<Work> tasks = tasks(together(trials.replacements()), batches);
      List<Integer> numbers = IntStream.range(0, tasks.size()).boxed().toList();
      Map<Integer, Evaluation[]> unfinished = new HashMap<>();
      try {
        FinishedPartitions.run(
            spark.parallelize(numbers, tasks.size()).map(new RunTrials(this, material, tasks)),
            numbers,
            (task, results) -> {
              Work work = tasks.get(task);
              for (int k = 0; k < work.places().size(); k++) {
                int place = work.places().get(k);
                Evaluation[] parts =
                    unfinished.computeIfAbsent(place, its -> new Evaluation[batches]);
                List<Evaluation> some = results.get(0).get(k);
                for (int batch = 0; batch < some.size(); batch++) {
                  parts[work.firstBatch() + batch] = some.get(batch);
                }
                if (Stream.of(parts).allMatch(Objects::nonNull)) {
                  unfinished.remove(place);
                  trials
                      .finished()
                      .accept(place, Stream.of(parts).reduce(Evaluation.NOTHING, Evaluation::plus));
                }
              }
            });
      } finally {
        material.destroy();
      }
    }

    private int batches() {
      return (images.size() + execution.batchSize() - 1) / execution.batchSize();
    }

    /** Each group of trials on so many parts of the batches that there is work for all cores. */
    private List<Work> tasks(List<List<Integer>> trials, int batches) {
      int wanted = (spark.defaultParallelism() + trials.size() - 1) / trials.size();
      int size = Math.max(1, batches / Math.max(1, wanted));
      ArrayList<Work> tasks = new ArrayList<>();
      for (List<Integer> places : trials) {
        for (int first = 0; first < batches; first += size) {
          tasks.add(new Work(new ArrayList<>(places), first, Math.min(batches, first + size)));
        }
      }
      return tasks;
    }

    /** The places of the trials that share a task: those of one layer, as many as fit it. */
    private List<List<Integer>> together(List<Replacement> trials) {
      long most = Math.max(1, MOST_BYTES_AT_ONCE / network.bytes().value().length);
      List<List<Integer>> together = new ArrayList<>();
      for (int place = 0; place < trials.size(); place++) {
        List<Integer> last = together.isEmpty() ? List.of() : together.get(together.size() - 1);
        if (last.isEmpty()
            || last.size() == most
            || !trials.get(last.get(0)).layer().equals(trials.get(place).layer())) {
          last = new ArrayList<>();
          together.add(last);
        }
        last.add(place);
      }
      return together;
    }

    @Override
    public void close() {
      outputs.destroy();
      network.release();
    }
  }

  private List<PreparedImage> sample(PreparedImages images, HeldOut heldOut, int count) {
    long held = Math.max(1, Math.round(images.count() * heldOut.share()));
    long everyHeld = Math.max(1, held / Math.max(1, count));
    long others = Math.max(0, count - held);
    long everyOther = others == 0 ? 0 : Math.max(1, (images.count() - held) / others);
    spark.setJobDescription("take " + count + " images that sensitivity is measured on");
    List<PreparedBlock> blocks =
        new ArrayList<>(
            images
                .blocks()
                .map(
                    block ->
                        block.only(
                            image ->
                                heldOut.contains(image.id())
                                    ? heldOut.run(image.id()) % everyHeld == 0
                                    : everyOther > 0 && image.id() % everyOther == 0))
                .collect());
    blocks.sort(Comparator.comparingInt(PreparedBlock::index));
    return blocks.stream().flatMap(block -> block.images().stream()).toList();
  }

  /**
   * What every trial needs.
   *
   * @param images to run
   * @param trials all of them
   */
  public record Material(List<PreparedImage> images, List<Replacement> trials) {}

  /** Runs the original over batches of the images, each from a given one on. */
  private static final class RunOriginal implements FlatMapFunction<Iterator<Integer>, float[]> {
    private static final long serialVersionUID = 1L;
    private final NetworkOnExecutors original;
    private final Broadcast<Material> material;
    private final Preprocessing preprocessing;

    RunOriginal(
        NetworkOnExecutors original, Broadcast<Material> material, Preprocessing preprocessing) {
      this.original = original;
      this.material = material;
      this.preprocessing = preprocessing;
    }

    @Override
    public Iterator<float[]> call(Iterator<Integer> firsts) {
      List<PreparedImage> images = material.value().images();
      Execution execution = original.execution();
      List<float[]> outputs = new ArrayList<>();
      // Not one that stays open: the trials need the room.
      try (InferenceSession session =
          InferenceSession.open(original.bytes().value(), execution.threads())) {
        OutputReader reader =
            new OutputReader(session, preprocessing, execution, execution.outputs());
        while (firsts.hasNext()) {
          int first = firsts.next();
          int end = Math.min(images.size(), first + execution.batchSize());
          outputs.addAll(reader.outputs(images.subList(first, end)));
        }
      }
      return outputs.iterator();
    }
  }

  /**
   * What a task does.
   *
   * @param places of trials of one layer
   * @param firstBatch of the images
   * @param endBatch behind the last
   */
  private record Work(ArrayList<Integer> places, int firstBatch, int endBatch)
      implements Serializable {}

  /**
   * Runs the network with each of some replacements of one layer: an evaluation for each trial and
   * batch.
   */
  private static final class RunTrials implements Function<Integer, List<List<Evaluation>>> {
    private static final long serialVersionUID = 1L;
    private final NetworkOnExecutors original;
    private final ArrayList<Layer> layers;
    private final Broadcast<Material> material;
    private final ArrayList<Work> tasks;
    private final Preprocessing preprocessing;
    private final Broadcast<List<float[]>> expected;

    RunTrials(Original original, Broadcast<Material> material, List<Work> tasks) {
      this.original = original.network;
      layers = new ArrayList<>(original.layers);
      this.material = material;
      this.tasks = new ArrayList<>(tasks);
      preprocessing = original.preprocessing;
      expected = original.outputs;
    }

    @Override
    public List<List<Evaluation>> call(Integer task) {
      Work work = tasks.get(task);
      List<Replacement> trials =
          work.places().stream().map(material.value().trials()::get).toList();
      return TaskFailure.named(
          "layer " + trials.get(0).layer().name() + ", sensitivity", () -> evaluate(work, trials));
    }

    private List<List<Evaluation>> evaluate(Work work, List<Replacement> trials) {
      OnnxNetwork network =
          ModelReader.read("network", original.bytes().value(), ExternalData.none());
      Execution execution = original.execution();
      List<PreparedImage> images = material.value().images();
      List<List<Evaluation>> evaluations = new ArrayList<>();
      trials.forEach(trial -> evaluations.add(new ArrayList<>()));
      try (LayerTrials networks = new LayerTrials(network, layers, trials, execution)) {
        for (int batch = work.firstBatch(); batch < work.endBatch(); batch++) {
          int first = batch * execution.batchSize();
          int end = Math.min(images.size(), first + execution.batchSize());
          List<float[]> reference = expected.value().subList(first, end);
          List<List<float[]>> outputs = networks.outputs(images.subList(first, end), preprocessing);
          for (int k = 0; k < trials.size(); k++) {
            evaluations
                .get(k)
                .add(
                    Evaluation.of(
                        execution.outputs().layouts(),
                        outputs.get(k),
                        reference,
                        image -> NO_LABEL));
          }
        }
      }
      return evaluations;
    }
  }
}
