package io.pare.stage.matrix;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.FitSpace;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.LayerStatistics;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.algorithm.statistics.SampleProducts;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.statistics.SolvedTarget;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.wide.FitsBySpace;
import io.pare.stage.spark.TaskRunner;
import io.pare.testing.SparkTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Statistics of distributed matrices: those of one task, and the same bits in any order. */
class WideStatisticsIT {
  @RegisterExtension static final SparkTest SPARK = new SparkTest();

  private static final int BLOCKS = 40;
  private static final LayerShape SHAPE = new LayerShape(30, 300, 1, 1);

  @Test
  void momentsAreThoseOfOneTask() {
    LayerProblem problem = problem(FitSpace.COLUMNS);
    List<PairedBlock> blocks = blocks(problem);
    Moments expected = (Moments) FitsBySpace.statistics(problem, blocks.iterator());

    Moments moments = (Moments) gathered(problem, blocks);

    assertThat(moments.count()).isEqualTo(expected.count());
    assertClose(row(moments.inputMean()), row(expected.inputMean()), 1e-4);
    assertClose(row(moments.targetMean()), row(expected.targetMean()), 1e-3);
    assertClose(moments.gram(), expected.gram(), 1e-4);
    assertClose(moments.cross(), expected.cross(), 1e-2);
  }

  @Test
  void momentsHaveTheSameBitsForEveryOrderOfTheSamples() {
    LayerProblem problem = problem(FitSpace.COLUMNS);
    List<PairedBlock> blocks = blocks(problem);
    Moments expected = (Moments) gathered(problem, blocks);

    for (int order = 0; order < 3; order++) {
      List<PairedBlock> shuffled = new ArrayList<>(blocks);
      Collections.shuffle(shuffled, new Random(order));
      Moments moments = (Moments) gathered(problem, shuffled);
      // A comparison field by field takes minutes for so many entries.
      assertThat(moments.gram().equals(expected.gram())).isTrue();
      assertThat(moments.cross().equals(expected.cross())).isTrue();
      assertThat(moments.inputMean()).isEqualTo(expected.inputMean());
      assertThat(moments.targetMean()).isEqualTo(expected.targetMean());
    }
  }

  @Test
  void productsOfTheSampleSpaceAreThoseOfOneTask() {
    LayerProblem problem = problem(FitSpace.SAMPLES);
    List<PairedBlock> blocks = blocks(problem);
    SampleProducts expected = (SampleProducts) FitsBySpace.statistics(problem, blocks.iterator());

    SampleProducts products = (SampleProducts) gathered(problem, blocks);

    assertThat(products.fitCount()).isEqualTo(expected.fitCount());
    assertClose(products.gram(), expected.gram(), 0.1);
    assertClose(products.projections(), expected.projections(), 0.1);
    assertClose(products.weightEnergy(), expected.weightEnergy(), 1e-2);
    assertClose(products.weightsOnMean(), expected.weightsOnMean(), 1e-2);
    assertThat(gathered(problem, blocks).equals(products)).isTrue();
  }

  @Test
  void aSystemInStripsHasTheSolutionOfAFactorisationAndTheSameBitsForEveryOrder() {
    LayerProblem problem = problem(FitSpace.STRIPS);
    List<PairedBlock> blocks = compressed(blocks(problem));
    Regression expected =
        Regression.of(
            SHAPE,
            problem.matrix(),
            (Moments) gathered(problem(FitSpace.COLUMNS), blocks),
            problem.ridge());

    SolvedTarget solved = (SolvedTarget) gathered(problem, blocks);

    assertThat(solved.pull()).isCloseTo(expected.ridge(), within(1e-12));
    Matrix target = Matrix.of(SHAPE.outputs(), SHAPE.columns(), solved.target().values());
    assertClose(target, expected.target(), 1e-3);
    assertThat(expected.excessError(target)).isLessThan(1e-5);
    List<PairedBlock> shuffled = new ArrayList<>(blocks);
    Collections.shuffle(shuffled, new Random(1));
    SolvedTarget again = (SolvedTarget) gathered(problem, shuffled);
    assertThat(again.target().values()).isEqualTo(solved.target().values());
  }

  /** What a network compressed so far would feed the layer: its best weights are not its own. */
  private static List<PairedBlock> compressed(List<PairedBlock> blocks) {
    return blocks.stream()
        .map(
            block ->
                new PairedBlock(
                    block.outputs(),
                    new SampleBlock(halved(block.inputs().fit()), halved(block.inputs().heldOut())),
                    Optional.empty()))
        .toList();
  }

  private static Samples halved(Samples samples) {
    float[] values = samples.values().clone();
    for (int k = 0; k < values.length; k++) {
      values[k] *= k % 3 == 0 ? 0.5f : 1;
    }
    return new Samples(samples.rows(), samples.columns(), values);
  }

  @Test
  void mllibRunsInTheLibraryOfAllOtherProducts() {
    assertThat(MatrixBlas.bind()).isEqualTo("JNIBLAS (libopenblas_nolapack.so.0)");
  }

  private static LayerStatistics gathered(LayerProblem problem, List<PairedBlock> blocks) {
    JavaRDD<PairedBlock> samples = SPARK.context().parallelize(blocks, 1);
    Broadcast<LayerProblem> shipped = SPARK.context().broadcast(problem);
    try (WideStatistics statistics =
        WideStatistics.gather(samples, shipped::value, new TaskRunner(1, 1))) {
      return statistics.item().first();
    } finally {
      shipped.destroy();
    }
  }

  private static LayerProblem problem(FitSpace space) {
    return new LayerProblem(
        "layer",
        SHAPE,
        normal(SHAPE.outputs(), SHAPE.columns(), 3).floats(),
        normal(1, SHAPE.outputs(), 5).values(),
        Clamp.RELU,
        1e-3,
        space);
  }

  /** More samples than one row of blocks holds; columns of very different sizes, some of zeros. */
  private static List<PairedBlock> blocks(LayerProblem problem) {
    List<PairedBlock> blocks = new ArrayList<>();
    for (int block = 0; block < BLOCKS; block++) {
      SampleBlock inputs =
          new SampleBlock(inputs(30 + block % 3, block), inputs(7, BLOCKS + block));
      blocks.add(new PairedBlock(problem.outputs(inputs), inputs, Optional.empty()));
    }
    return blocks;
  }

  private static Samples inputs(int rows, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * SHAPE.columns()];
    for (int k = 0; k < values.length; k++) {
      int column = k % SHAPE.columns();
      values[k] = (float) (Math.max(0, random.nextGaussian()) * (column % 5) / 4);
    }
    return new Samples(rows, SHAPE.columns(), values);
  }

  private static Matrix row(double[] values) {
    return new Matrix(1, values.length, values);
  }

  private static void assertClose(Matrix actual, Matrix expected, double margin) {
    assertThat(actual.rows()).isEqualTo(expected.rows());
    double largest = 0;
    for (int k = 0; k < actual.values().length; k++) {
      largest = Math.max(largest, Math.abs(actual.values()[k] - expected.values()[k]));
    }
    assertThat(largest).isLessThan(margin);
  }
}
