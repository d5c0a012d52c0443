package io.pare.stage.layers;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.statistics.InputSlices;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.algorithm.statistics.Samples;
import io.pare.testing.BenchFigures;
import io.pare.testing.NativeBlas;
import io.pare.testing.SparkTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.mllib.linalg.distributed.BlockMatrix;
import org.apache.spark.mllib.linalg.distributed.IndexedRow;
import org.apache.spark.mllib.linalg.distributed.IndexedRowMatrix;
import org.junit.jupiter.api.Test;

/**
 * The Gram matrix of a fully connected layer of 4,608 inputs and 400 samples as MLlib's
 * BlockMatrix, in OpenBLAS, against the moments of one task and against the products of the sample
 * space. MLlib adds blocks up as they arrive, so that bits depend on the executors; the others do
 * not.
 */
class MllibBench {
  private static final int COLUMNS = 4608;
  private static final int OUTPUTS = 4096;
  private static final int ROWS = 400;
  private static final int ROUNDS = 3;

  @Test
  void gramOfAFullyConnectedLayer() throws Exception {
    NativeBlas.bind();
    DenseAlgebra.useThreads(1);
    Samples inputs = samples(ROWS, COLUMNS, 1);
    Samples outputs = samples(ROWS, OUTPUTS, 2);
    Samples weights = samples(OUTPUTS, COLUMNS, 3);
    SampleBlock block = new SampleBlock(inputs, new Samples(0, COLUMNS, new float[0]));
    SparkConf conf = SparkTest.conf("local[2]", "mllib");
    conf.set("spark.serializer", "org.apache.spark.serializer.JavaSerializer");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      spark.setLogLevel("WARN");
      double[] seconds =
          BenchFigures.medianSeconds(
              ROUNDS,
              () -> blockMatrix(spark, inputs),
              () -> moments(inputs, outputs),
              () -> InputSlices.of(block, weights, InputSlices.COLUMNS).products());
      Map<String, Double> parts =
          Map.of(
              "BlockMatrix s", seconds[0], "moments s", seconds[1], "sample space s", seconds[2]);
      BenchFigures.add("mllib", "BlockMatrix / moments", seconds[0] / seconds[1], parts);
      BenchFigures.add("mllib", "BlockMatrix / sample space", seconds[0] / seconds[2], parts);
    }
  }

  private static void blockMatrix(JavaSparkContext spark, Samples samples) {
    List<IndexedRow> rows = new ArrayList<>();
    for (int i = 0; i < samples.rows(); i++) {
      double[] row = new double[samples.columns()];
      for (int j = 0; j < row.length; j++) {
        row[j] = samples.values()[i * row.length + j];
      }
      rows.add(new IndexedRow(i, Vectors.dense(row)));
    }
    BlockMatrix x =
        new IndexedRowMatrix(spark.parallelize(rows, 2).rdd()).toBlockMatrix(ROWS, 1024);
    if (x.transpose().multiply(x).blocks().count() != 25) {
      throw new IllegalStateException("blocks were lost");
    }
  }

  private static void moments(Samples inputs, Samples outputs) {
    Moments.Accumulator accumulator = new Moments.Accumulator(COLUMNS, OUTPUTS);
    accumulator.add(inputs, outputs);
    if (accumulator.moments().count() != ROWS) {
      throw new IllegalStateException("samples were lost");
    }
  }

  private static Samples samples(int rows, int columns, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * columns];
    for (int k = 0; k < values.length; k++) {
      values[k] = random.nextFloat() - 0.5f;
    }
    return new Samples(rows, columns, values);
  }
}
