package io.pare.stage.matrix;

import static io.pare.testing.Matrices.normal;

import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.statistics.FitSpace;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.wide.FitsBySpace;
import io.pare.stage.spark.TaskRunner;
import io.pare.testing.BenchFigures;
import io.pare.testing.SparkTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;

/**
 * The statistics of a fully connected layer of 4,608 inputs and 1,024 outputs as exact products of
 * distributed matrices, on two threads, against those of one task in single precision.
 */
class WideStatisticsBench {
  private static final LayerShape SHAPE = new LayerShape(1024, 4608, 1, 1);
  private static final int BLOCKS = 16;
  private static final int ROWS_OF_A_BLOCK = 256;
  private static final int ROUNDS = 3;

  @Test
  void momentsOfAFullyConnectedLayer() throws Exception {
    DenseAlgebra.useThreads(1);
    LayerProblem problem =
        new LayerProblem(
            "layer",
            SHAPE,
            normal(SHAPE.outputs(), SHAPE.columns(), 3).floats(),
            new double[SHAPE.outputs()],
            Clamp.RELU,
            1e-3,
            FitSpace.COLUMNS);
    List<PairedBlock> blocks = new ArrayList<>();
    for (int block = 0; block < BLOCKS; block++) {
      Samples inputs =
          new Samples(
              ROWS_OF_A_BLOCK,
              SHAPE.columns(),
              normal(ROWS_OF_A_BLOCK, SHAPE.columns(), block).floats());
      SampleBlock both = new SampleBlock(inputs, new Samples(0, SHAPE.columns(), new float[0]));
      blocks.add(new PairedBlock(problem.outputs(both), both, Optional.empty()));
    }
    try (JavaSparkContext spark = new JavaSparkContext(SparkTest.conf("local[2]", "matrix"))) {
      spark.setLogLevel("WARN");
      Broadcast<LayerProblem> shipped = spark.broadcast(problem);
      JavaRDD<PairedBlock> samples = spark.parallelize(blocks, 1).persist(StorageLevel.DISK_ONLY());
      double[] seconds =
          BenchFigures.medianSeconds(
              ROUNDS,
              () -> distributed(samples, shipped),
              () -> FitsBySpace.statistics(problem, PairedBlock.chunks(blocks.iterator())));
      BenchFigures.add(
          "matrix",
          "moments of 4,608 inputs and 4,096 samples, distributed / one task",
          seconds[0] / seconds[1],
          Map.of("distributed s", seconds[0], "one task s", seconds[1]));
    }
  }

  private static void distributed(JavaRDD<PairedBlock> samples, Broadcast<LayerProblem> problem) {
    WideStatistics.gather(samples, problem::value, new TaskRunner(1, 1)).close();
  }
}
