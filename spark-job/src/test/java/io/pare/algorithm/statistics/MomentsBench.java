package io.pare.algorithm.statistics;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.testing.BenchFigures;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The moments of a layer with 4,608 columns against one large sgemm of as many operations. */
class MomentsBench {
  private static final int COLUMNS = 4608;
  private static final int OUTPUTS = 512;
  private static final int ROWS_OF_A_CHUNK = 3640;
  private static final int CHUNKS = 3;
  private static final int ROUNDS = 5;

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void momentsOfAWideConvolution(int threads) throws Exception {
    DenseAlgebra.useThreads(threads);
    Samples inputs = samples(COLUMNS, 1);
    Samples targets = samples(OUTPUTS, 2);
    int rows = CHUNKS * ROWS_OF_A_CHUNK;
    try (INDArray left = Nd4j.rand(DataType.FLOAT, COLUMNS, rows);
        INDArray right = Nd4j.rand(DataType.FLOAT, rows, COLUMNS + OUTPUTS);
        INDArray result =
            Nd4j.createUninitialized(
                DataType.FLOAT, new long[] {COLUMNS, COLUMNS + OUTPUTS}, 'f')) {
      double[] seconds =
          BenchFigures.medianSeconds(
              ROUNDS,
              () -> moments(inputs, targets),
              () -> Nd4j.gemm(left, right, result, false, false, 1.0, 0.0));
      BenchFigures.add(
          "moments",
          "4,608 columns, sgemm / moments, threads " + threads,
          seconds[1] / seconds[0],
          Map.of(
              "moments s",
              seconds[0],
              "sgemm s",
              seconds[1],
              "sgemm GFLOP/s",
              2e-9 * rows * COLUMNS * (COLUMNS + OUTPUTS) / seconds[1]));
    } finally {
      DenseAlgebra.useThreads(1);
    }
  }

  private static void moments(Samples inputs, Samples targets) {
    Moments.Accumulator accumulator = new Moments.Accumulator(COLUMNS, OUTPUTS);
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      accumulator.add(inputs, targets);
    }
    if (accumulator.moments().count() != (long) CHUNKS * ROWS_OF_A_CHUNK) {
      throw new IllegalStateException("samples were lost");
    }
  }

  private static Samples samples(int columns, long seed) {
    Random random = new Random(seed);
    float[] some = new float[1 << 20];
    for (int k = 0; k < some.length; k++) {
      some[k] = Math.max(0, (float) random.nextGaussian());
    }
    float[] values = new float[ROWS_OF_A_CHUNK * columns];
    for (int from = 0; from < values.length; from += some.length) {
      System.arraycopy(some, 0, values, from, Math.min(some.length, values.length - from));
    }
    return new Samples(ROWS_OF_A_CHUNK, columns, Arrays.copyOf(values, values.length));
  }
}
