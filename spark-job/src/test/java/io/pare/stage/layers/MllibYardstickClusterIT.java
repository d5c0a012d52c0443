package io.pare.stage.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.SampleSpaceFits;
import io.pare.algorithm.statistics.FitSpace;
import io.pare.algorithm.statistics.InputSlices;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.testing.NativeBlas;
import io.pare.testing.SparkTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.mllib.linalg.distributed.BlockMatrix;
import org.apache.spark.mllib.linalg.distributed.IndexedRow;
import org.apache.spark.mllib.linalg.distributed.IndexedRowMatrix;
import org.apache.spark.mllib.linalg.distributed.RowMatrix;
import org.apache.spark.serializer.JavaSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What MLlib's distributed matrices make of a wide layer's samples, beside the slices. */
class MllibYardstickClusterIT {
  private static final LayerShape SHAPE = new LayerShape(16, 240, 1, 1);
  private static final int COUNT = 60;
  private static final int RANK = 3;

  private static JavaSparkContext spark;
  private static String implementation;

  private final Samples inputs = centred(COUNT, SHAPE.columns());
  private final LayerProblem problem =
      new LayerProblem(
          "layer",
          SHAPE,
          centred(SHAPE.outputs(), SHAPE.columns()).values(),
          new double[SHAPE.outputs()],
          Clamp.IDENTITY,
          1e-9,
          FitSpace.SAMPLES);
  private final SampleBlock block = new SampleBlock(inputs, new Samples(0, 240, new float[0]));

  /** MLlib's own types are none that Pare's jobs send, and so none that it registers with Kryo. */
  @BeforeAll
  static void start() {
    implementation = NativeBlas.bind();
    spark =
        new JavaSparkContext(
            SparkTest.conf("local[2]", "mllib")
                .set("spark.serializer", JavaSerializer.class.getName()));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void theProductOfAllSamplesIsThatOfABlockMatrix() {
    assertThat(implementation).isEqualTo("JNIBLAS");
    BlockMatrix x = rows(inputs).toBlockMatrix(25, 50);

    org.apache.spark.mllib.linalg.Matrix expected = x.multiply(x.transpose()).toLocalMatrix();

    Matrix gram =
        InputSlices.of(block, new Samples(16, 240, problem.weights()), 50).products().gram();
    for (int i = 0; i < COUNT; i++) {
      for (int j = 0; j < COUNT; j++) {
        assertThat(gram.at(i, j)).isCloseTo(expected.apply(i, j), within(1e-3));
      }
    }
  }

  @Test
  void theOutputsOfAProjectionSpanTheLeadingSingularVectorsOfTheResponses() {
    SampleBlock outputs = problem.outputs(block);
    RowMatrix responses = rows(outputs.fit()).toRowMatrix();
    org.apache.spark.mllib.linalg.Matrix leading = responses.computeSVD(RANK, false, 1e-9).V();

    Component.Factors factors =
        (Component.Factors)
            new SampleSpaceFits(
                    problem,
                    Fitting.LINEAR,
                    InputSlices.of(block, new Samples(16, 240, problem.weights()), 50),
                    outputs)
                .projection(Structure.of(new LowRank(Form.CHANNEL, RANK)))
                .components()
                .get(0);

    Matrix span = DenseAlgebra.multiplyTransposed(factors.kernel(1), factors.kernel(1));
    for (int i = 0; i < SHAPE.outputs(); i++) {
      for (int j = 0; j < SHAPE.outputs(); j++) {
        double expected = 0;
        for (int q = 0; q < RANK; q++) {
          expected += leading.apply(i, q) * leading.apply(j, q);
        }
        assertThat(span.at(i, j)).isCloseTo(expected, within(1e-4));
      }
    }
  }

  private static IndexedRowMatrix rows(Samples samples) {
    List<IndexedRow> rows = new ArrayList<>();
    for (int i = 0; i < samples.rows(); i++) {
      double[] row = new double[samples.columns()];
      for (int j = 0; j < row.length; j++) {
        row[j] = samples.values()[i * row.length + j];
      }
      rows.add(new IndexedRow(i, Vectors.dense(row)));
    }
    JavaRDD<IndexedRow> rdd = spark.parallelize(rows, 3);
    return new IndexedRowMatrix(rdd.rdd());
  }

  /** Random entries, the mean of each column taken away. */
  private static Samples centred(int rows, int columns) {
    Random random = new Random(rows);
    float[] values = new float[rows * columns];
    for (int j = 0; j < columns; j++) {
      float sum = 0;
      for (int i = 0; i < rows; i++) {
        values[i * columns + j] = (float) (random.nextGaussian() * (1 + j % 7));
        sum += values[i * columns + j];
      }
      for (int i = 0; i < rows; i++) {
        values[i * columns + j] -= sum / rows;
      }
    }
    return new Samples(rows, columns, values);
  }
}
