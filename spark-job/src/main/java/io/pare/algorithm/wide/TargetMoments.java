package io.pare.algorithm.wide;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.SampleProducts;
import io.pare.algorithm.statistics.Samples;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.stream.IntStream;

/**
 * What the fits to a matrix K (n x d) need of the samples of a layer: nothing of it has the size of
 * a Gram matrix.
 *
 * @param energy {@code K G K^T}, n x n
 * @param inputMean mean of the inputs, d entries
 * @param outputMean what K makes of it, n entries
 * @param targetMean mean of the outputs to reach, n entries
 * @param variances the diagonal of G with ridge, d entries
 * @param pull p, what the ridge adds to the diagonal
 */
@SuppressWarnings("ArrayRecordComponent")
record TargetMoments(
    Matrix energy,
    double[] inputMean,
    double[] outputMean,
    double[] targetMean,
    double[] variances,
    double pull) {

  /**
   * Gathers moments in one walk.
   *
   * @param target K
   * @param pull p
   * @param blocks the samples
   */
  static TargetMoments of(Samples target, double pull, Iterator<PairedBlock> blocks) {
    int columns = target.columns();
    Moments.Accumulator outputs = new Moments.Accumulator(target.rows(), target.rows());
    float[] shift = new float[columns];
    double[] sums = new double[columns];
    double[] squares = new double[columns];
    long count = 0;
    while (blocks.hasNext()) {
      PairedBlock block = blocks.next();
      Samples inputs = block.inputs().fit();
      outputs.add(
          inputs.transformed(target.values(), new double[target.rows()]),
          block.forLayer(block.outputs().fit()));
      if (count == 0 && inputs.rows() > 0) {
        shift = inputs.columnMeans();
      }
      float[] centred = inputs.centred(shift, sums);
      for (int k = 0; k < centred.length; k++) {
        squares[k % columns] += (double) centred[k] * centred[k];
      }
      count += inputs.rows();
    }
    Moments gathered = outputs.moments();
    double[] mean = new double[columns];
    for (int j = 0; j < columns; j++) {
      double offset = sums[j] / count;
      squares[j] = squares[j] / count - offset * offset + pull;
      mean[j] = shift[j] + offset;
    }
    return new TargetMoments(
        DenseAlgebra.combine(gathered.gram(), SampleProducts.energy(target), pull),
        mean,
        gathered.inputMean(),
        gathered.targetMean(),
        squares,
        pull);
  }

  /** Those of W alone, in the metric of its entries: the bias stays. */
  static TargetMoments ofWeights(LayerProblem problem) {
    int columns = problem.shape().columns();
    double[] ones = new double[columns];
    Arrays.fill(ones, 1);
    return new TargetMoments(
        SampleProducts.energy(problem.kernel()),
        new double[columns],
        new double[problem.shape().outputs()],
        problem.bias(),
        ones,
        0);
  }

  /** The same where the outputs to reach are those of K, with a bias. */
  TargetMoments reaching(double[] bias) {
    double[] mean = outputMean.clone();
    for (int i = 0; i < mean.length; i++) {
      mean[i] += bias[i];
    }
    return new TargetMoments(energy, inputMean, outputMean, mean, variances, pull);
  }

  /** {@code K (x - mean)} for every sample x. */
  Samples outputs(Samples target, Samples inputs) {
    double[] offset = outputMean.clone();
    for (int i = 0; i < offset.length; i++) {
      offset[i] = -offset[i];
    }
    return inputs.transformed(target.values(), offset);
  }

  /**
   * The inputs that alone carry most energy in K, {@code ||K_j||^2 G_jj}, in whole channels.
   *
   * @param together inputs of a channel
   * @param most inputs at most, at least one channel
   * @return ascending
   */
  int[] mostEnergetic(Samples target, int together, int most) {
    double[] energies = new double[variances.length / together];
    for (int i = 0; i < target.rows(); i++) {
      for (int j = 0; j < variances.length; j++) {
        double weight = target.at(i, j);
        energies[j / together] += weight * weight * variances[j];
      }
    }
    int[] channels =
        IntStream.range(0, energies.length)
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer g) -> -energies[g])
                    .thenComparing(Comparator.naturalOrder()))
            .limit(Math.max(1, most / together))
            .mapToInt(Integer::intValue)
            .sorted()
            .toArray();
    return IntStream.range(0, channels.length * together)
        .map(k -> channels[k / together] * together + k % together)
        .toArray();
  }
}
