package io.pare.stage.layers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.candidate.AdmmBudget;
import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.candidate.GroupCandidate;
import io.pare.algorithm.candidate.Search;
import io.pare.algorithm.candidate.SolvedPath;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.LayerFits;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Factor;
import io.pare.algorithm.structure.Geometry;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import io.pare.stage.layers.SolveLayersStage.GroupStatistics;
import io.pare.stage.spark.TaskRunner;
import io.pare.stage.spark.WalkedPartitions;
import io.pare.testing.ClusterTest;
import io.pare.testing.Matrices;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.junit.jupiter.api.Test;

/**
 * A wide fully connected layer from its samples to the best candidates of each family: held-out
 * error against the number of samples, the same bits in one JVM and on one and two executors, and
 * the peak of resident memory. Inputs are seeded: of low rank, with noise, behind a ReLU; those of
 * the compressed network have noise besides.
 *
 * <p>Writes {@code target/wide-layers.md}. Larger layers take hours: {@code -Dpare.wide=
 * 9216x4096,9216x20000,9216x100000,25088x4096,25088x20000} names inputs and samples, {@code
 * -Dpare.wide.masters=local,one,two} where they are solved, {@code -Dpare.wide.system=N} is
 * largest-system.
 */
class WideLayersBench {
  private static final int OUTPUTS = 256;
  private static final int RANK = 64;
  private static final int ROWS = 256;
  private static final int HELD_OUT = 51;
  private static final double SHARE = 0.25;
  private static final List<Family> FAMILIES =
      List.of(Family.LOW_RANK_CHANNEL, Family.KEPT_INPUTS, Family.CHANNEL_KEPT_INPUTS);
  private static final Path TABLE = Path.of("target", "wide-layers.md");

  @Test
  void heldOutErrorsAndMemoryOfWideLayers() throws Exception {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| inputs | samples | space | on | seconds | "
            + "low rank | kept inputs | sum | bits | driver MB | executors MB |");
    lines.add("| ---: | ---: | --- | --- | ---: | --- | --- | --- | --- | ---: | --- |");
    for (String size : listed("pare.wide", "4608x4096,4608x8192")) {
      int cross = size.indexOf('x');
      LayerShape shape = new LayerShape(OUTPUTS, Integer.parseInt(size.substring(0, cross)), 1, 1);
      int samples = Integer.parseInt(size.substring(cross + 1));
      List<String> bits = new ArrayList<>();
      for (String master : listed("pare.wide.masters", "local,one,two")) {
        Measured measured = measured(shape, samples, master);
        bits.add(measured.bits());
        lines.add(measured.line());
        Files.write(TABLE, lines);
        System.out.println(measured.line());
      }
      assertThat(bits).as(size).containsOnly(bits.get(0));
    }
  }

  private static List<String> listed(String property, String otherwise) {
    return List.of(System.getProperty(property, otherwise).split(",", -1));
  }

  private record Measured(String bits, String line) {}

  private static Measured measured(LayerShape shape, int samples, String master) throws Exception {
    int system = Integer.getInteger("pare.wide.system", 10240);
    WideLayers.Placement placement = new WideLayers(1, system, 1024).wide(shape.columns(), samples);
    resetPeak();
    long start = System.nanoTime();
    try (JavaSparkContext spark = new JavaSparkContext(conf(master))) {
      spark.setLogLevel("WARN");
      LayerProblem problem = problem(shape, placement);
      ProblemsOnExecutors problems =
          new ProblemsOnExecutors(
              List.of(
                  new ProblemsOnExecutors.Place(
                      new LayerGroup(0, 0), spark.broadcast(List.of(problem)), placement.place())));
      JavaRDD<PairedBlock> blocks =
          spark
              .parallelize(IntStream.range(0, samples / ROWS).boxed().toList(), 1)
              .map(new Draw(problems));
      List<String> found;
      try (WideGroup group = new WideGroup(blocks, problems, 0, new TaskRunner(1, 1))) {
        found = group.result(new Solve(problems)).first();
      }
      String executors = executors(spark);
      return measured(placement, problem.shape(), samples, master, found, start, executors);
    }
  }

  private static Measured measured(
      WideLayers.Placement placement,
      LayerShape shape,
      int samples,
      String master,
      List<String> found,
      long start,
      String executors)
      throws Exception {
    List<String> errors = found.subList(0, FAMILIES.size());
    String all = String.join("", found.subList(FAMILIES.size(), found.size()));
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.getBytes(UTF_8));
    String bits = HexFormat.of().formatHex(digest).substring(0, 12);
    return new Measured(
        bits,
        "| %d | %d | %s | %s | %.0f | %s | %s | %d | %s |"
            .formatted(
                shape.columns(),
                samples,
                placement.space().name().toLowerCase(java.util.Locale.ROOT),
                master,
                (System.nanoTime() - start) / 1e9,
                String.join(" | ", errors),
                bits,
                peak(),
                executors));
  }

  private static SparkConf conf(String master) throws IOException {
    SparkConf conf =
        switch (master) {
          case "local" -> SparkTest.conf("local[2]", "wide").set("spark.default.parallelism", "2");
          case "one" ->
              ClusterTest.onTestClassPath("local-cluster[1,2,4096]", "wide")
                  .set("spark.default.parallelism", "5");
          default ->
              ClusterTest.onTestClassPath("local-cluster[2,1,4096]", "wide")
                  .set("spark.default.parallelism", "7");
        };
    return conf.set("spark.executor.memory", "4g")
        .set("spark.memory.fraction", "0.3")
        .set("spark.kryoserializer.buffer.max", "1g")
        .set("spark.driver.maxResultSize", "4g");
  }

  private static LayerProblem problem(LayerShape shape, WideLayers.Placement placement) {
    float[] weights = Matrices.normal(shape.outputs(), shape.columns(), 3).floats();
    for (int k = 0; k < weights.length; k++) {
      weights[k] /= (float) Math.sqrt(shape.columns());
    }
    return new LayerProblem(
        "layer wide",
        shape,
        weights,
        Matrices.normal(1, shape.outputs(), 5).values(),
        Clamp.RELU,
        1e-3,
        placement.space());
  }

  /** Draws a block of samples. */
  private record Draw(ProblemsOnExecutors problems) implements Function<Integer, PairedBlock> {
    @Override
    public PairedBlock call(Integer block) {
      // With the threads of every task: others would draw other bits.
      return new TaskRunner(1, 1).run("samples", () -> drawn(block));
    }

    private PairedBlock drawn(int block) {
      LayerProblem problem = problems.of(0);
      int columns = problem.shape().columns();
      Matrix low =
          DenseAlgebra.multiply(
              Matrices.normal(ROWS, RANK, 11 + block), Matrices.normal(RANK, columns, 7));
      Matrix noise = Matrices.normal(ROWS, columns, 1_000_011 + block);
      Matrix more = Matrices.normal(ROWS, columns, 2_000_011 + block);
      float[] inputs = new float[ROWS * columns];
      float[] compressed = new float[inputs.length];
      for (int k = 0; k < inputs.length; k++) {
        double value = low.values()[k] / 8 + 0.5 * noise.values()[k];
        inputs[k] = (float) Math.max(0, value);
        compressed[k] = (float) Math.max(0, value + 0.3 * more.values()[k]);
      }
      SampleBlock original = cut(new Samples(ROWS, columns, inputs));
      return new PairedBlock(
          problem.outputs(original), cut(new Samples(ROWS, columns, compressed)), Optional.empty());
    }

    private static SampleBlock cut(Samples samples) {
      int fit = (ROWS - HELD_OUT) * samples.columns();
      float[] values = samples.values();
      return new SampleBlock(
          new Samples(ROWS - HELD_OUT, samples.columns(), java.util.Arrays.copyOf(values, fit)),
          new Samples(
              HELD_OUT,
              samples.columns(),
              java.util.Arrays.copyOfRange(values, fit, values.length)));
    }
  }

  /**
   * The best candidate of each family at a quarter of the weights: its errors before and after the
   * activation, and behind those of all a hash of each refit.
   */
  private record Solve(ProblemsOnExecutors problems)
      implements WalkedPartitions.Work<GroupStatistics, PairedBlock, ArrayList<String>> {
    @Override
    public ArrayList<String> on(GroupStatistics item, Supplier<Iterator<PairedBlock>> walks) {
      return new Solving(problems, Fitting.LINEAR, new TaskRunner(1, 1))
          .run(item, "bench", walks, this::found);
    }

    private ArrayList<String> found(LayerFits fits) {
      LayerShape shape = problems.of(0).shape();
      ArrayList<String> found = new ArrayList<>();
      List<String> hashes = new ArrayList<>();
      for (Family family : FAMILIES) {
        GroupCandidate best =
            SolvedPath.of(family, new LayerGroup(0, 0), shape, fits, new Search(AdmmBudget.NONE, 1))
                .candidates()
                .stream()
                .filter(each -> isSmall(each.structure(), shape))
                .filter(each -> isOf(family, (Structure.Sum) each.structure()))
                .min(Comparator.comparingDouble(GroupCandidate::error))
                .orElseThrow();
        Structure.Sum structure = (Structure.Sum) best.structure();
        LayerFits.Refit refit = fits.refit(structure, Fitting.ACTIVATION);
        found.add("%s: %.4f, %.4f".formatted(structure.label(), best.error(), refit.error()));
        hashes.add(hash(best, refit));
      }
      found.addAll(hashes);
      return found;
    }

    private static boolean isSmall(Structure structure, LayerShape shape) {
      return structure.cost(shape, Geometry.UNKNOWN).weights() <= SHARE * shape.weights();
    }

    private static boolean isOf(Family family, Structure.Sum structure) {
      return family != Family.CHANNEL_KEPT_INPUTS || structure.isMixed();
    }

    private static String hash(GroupCandidate best, LayerFits.Refit refit) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(ByteBuffer.allocate(8).putDouble(best.error()).flip());
        Approximation approximation = refit.approximation();
        for (Component component : approximation.components()) {
          for (Factor factor : component.factors()) {
            add(digest, factor.kernel().values());
          }
        }
        add(digest, approximation.bias());
        return HexFormat.of().formatHex(digest.digest());
      } catch (java.security.NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    private static void add(MessageDigest digest, double[] values) {
      ByteBuffer bytes = ByteBuffer.allocate(8 * values.length);
      for (double value : values) {
        bytes.putDouble(value);
      }
      digest.update(bytes.flip());
    }
  }

  /** Peaks of the executors' resident memory, those of all that answer. */
  private static String executors(JavaSparkContext spark) {
    if (spark.isLocal()) {
      return "";
    }
    return String.join(
        ", ",
        spark
            .parallelize(Collections.nCopies(16, 0), 16)
            .map(each -> ProcessHandle.current().pid() + "=" + peak())
            .collect()
            .stream()
            .distinct()
            .map(each -> each.substring(each.indexOf('=') + 1))
            .toList());
  }

  /** Megabytes. */
  private static long peak() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    throw new IOException("no VmHWM");
  }

  private static void resetPeak() throws IOException {
    Files.writeString(Path.of("/proc/self/clear_refs"), "5");
  }
}
