package io.pare.algorithm.fit;

import static io.pare.testing.Matrices.correlated;
import static io.pare.testing.Matrices.normal;

import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.IdleCores;
import io.pare.algorithm.statistics.FitSpace;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import io.pare.testing.BenchFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The refit of one layer of VGG-16's middle, a task that all later layers wait for: with the slots
 * of its JVM idle and busy.
 */
class RefitBench {
  private static final LayerShape SHAPE = new LayerShape(256, 256, 3, 3);
  private static final int CHUNKS = 3;
  private static final int SAMPLES_OF_A_CHUNK = 3840;
  private static final int RANK = 78;
  private static final int ROUNDS = 3;

  @Test
  void withAndWithoutIdleSlots() throws Exception {
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
    List<PairedBlock> chunks = new ArrayList<>();
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      SampleBlock inputs =
          new SampleBlock(
              correlated(SAMPLES_OF_A_CHUNK, SHAPE.columns(), chunk),
              correlated(SAMPLES_OF_A_CHUNK / 4, SHAPE.columns(), CHUNKS + chunk));
      chunks.add(new PairedBlock(problem.outputs(inputs), inputs, Optional.empty()));
    }
    Structure.Sum structure = Structure.of(Form.SPATIAL.at(SHAPE, RANK));
    double[] seconds =
        BenchFigures.medianSeconds(
            ROUNDS,
            () -> IdleCores.keepingBusy(1, () -> refit(problem, chunks, structure)),
            () -> IdleCores.keepingBusy(2, () -> refit(problem, chunks, structure)));
    BenchFigures.add(
        "refit",
        "256 x 2,304, spatial(78), one slot / one more that is idle",
        seconds[0] / seconds[1],
        Map.of("one slot s", seconds[0], "two slots s", seconds[1]));
  }

  private static LayerFits.Refit refit(
      LayerProblem problem, List<PairedBlock> chunks, Structure.Sum structure) {
    Moments moments = GramFits.moments(problem, chunks.iterator());
    return new GramFits(problem, moments, chunks::iterator).refit(structure, Fitting.ACTIVATION);
  }
}
