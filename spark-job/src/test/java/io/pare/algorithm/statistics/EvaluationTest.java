package io.pare.algorithm.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.Matrix;
import io.pare.testing.Matrices;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EvaluationTest {

  @Property(tries = 150, seed = "1")
  void oneImageIsMeasuredAsItsDefinitionsSay(
      @ForAll @IntRange(min = 1, max = 12) int classes,
      @ForAll @IntRange(min = -1, max = 14) int label,
      @ForAll long seed) {
    float[] outputs = Matrices.normal(1, classes, seed).floats();
    float[] reference = Matrices.normal(1, classes, seed + 1).floats();
    boolean known = label >= 0 && label < classes;
    List<Integer> ranked = ranked(outputs);

    Evaluation one = Evaluation.of(outputs, reference, label);

    assertThat(one.images()).isEqualTo(1);
    assertThat(one.labelled()).isEqualTo(known ? 1 : 0);
    assertThat(one.top1()).isEqualTo(known && ranked.get(0) == label ? 1 : 0);
    assertThat(one.top5()).isEqualTo(ranked.stream().limit(5).anyMatch(c -> c == label) ? 1 : 0);
    assertThat(one.agreeing()).isEqualTo(ranked.get(0).equals(ranked(reference).get(0)) ? 1 : 0);
    boolean right = known && ranked.get(0) == label;
    boolean before = known && ranked(reference).get(0) == label;
    assertThat(one.lost()).isEqualTo(before && !right ? 1 : 0);
    assertThat(one.gained()).isEqualTo(right && !before ? 1 : 0);
    double[] p = softmax(outputs);
    double[] q = softmax(reference);
    double divergence =
        IntStream.range(0, classes).mapToDouble(k -> q[k] * Math.log(q[k] / p[k])).sum();
    assertThat(one.divergence()).isCloseTo(divergence, within(1e-6));
    assertThat(one.loss()).isCloseTo(known ? -Math.log(p[label]) : 0, within(1e-6));
  }

  @Property(tries = 60, seed = "2")
  void logitsAndTheirProbabilitiesMeasureTheSame(
      @ForAll @IntRange(min = 2, max = 12) int classes, @ForAll long seed) {
    float[] outputs = Matrices.normal(1, classes, seed).floats();
    float[] reference = Matrices.normal(1, classes, seed + 1).floats();

    Evaluation ofLogits = Evaluation.of(outputs, reference, 1);
    Evaluation ofProbabilities =
        Evaluation.of(floats(softmax(outputs)), floats(softmax(reference)), 1);

    assertThat(ofProbabilities.loss()).isCloseTo(ofLogits.loss(), within(1e-5));
    assertThat(ofProbabilities.divergence()).isCloseTo(ofLogits.divergence(), within(1e-5));
    assertThat(ofProbabilities.top1()).isEqualTo(ofLogits.top1());
  }

  @Property(tries = 60, seed = "3")
  void aNetworkDoesNotDivergeFromItselfNorFromAConstantAddedToItsLogits(
      @ForAll @IntRange(min = 2, max = 12) int classes, @ForAll long seed) {
    float[] outputs = Matrices.normal(1, classes, seed).floats();
    float[] shifted = outputs.clone();
    for (int k = 0; k < classes; k++) {
      shifted[k] += 64;
    }
    assertThat(Evaluation.of(outputs, outputs, 0).divergence()).isZero();
    assertThat(Evaluation.of(outputs, outputs, 0).agreeing()).isEqualTo(1);
    assertThat(Evaluation.of(shifted, outputs, 0).divergence()).isCloseTo(0, within(1e-4));
  }

  @Test
  void ofEqualOutputsTheFirstIsTheHighest() {
    float[] equal = {2, 2, 2, 2, 2, 2};
    assertThat(Evaluation.of(equal, equal, 0).top1()).isEqualTo(1);
    assertThat(Evaluation.of(equal, equal, 1).top1()).isZero();
    assertThat(Evaluation.of(equal, equal, 4).top5()).isEqualTo(1);
    assertThat(Evaluation.of(equal, equal, 5).top5()).isZero();
  }

  @Test
  void logitsSoLargeThatTheirExponentialsOverflowAreMeasured() {
    Evaluation large = Evaluation.of(new float[] {1000, 0}, new float[] {1000, 0}, 1);
    assertThat(large.loss()).isCloseTo(1000, within(1e-9));
    assertThat(large.divergence()).isZero();
  }

  @Test
  void aProbabilityOfZeroIsAnErrorOfAFiniteSize() {
    Evaluation sure = Evaluation.of(new float[] {1, 0}, new float[] {0, 1}, 1);
    assertThat(sure.loss()).isCloseTo(-Math.log(Float.MIN_NORMAL), within(1e-9));
    assertThat(sure.divergence()).isFinite().isGreaterThan(80);
    assertThat(sure.agreeing()).isZero();
  }

  @Test
  void imagesAddUpInTheirOrder() {
    List<float[]> outputs = List.of(new float[] {1, 0}, new float[] {0, 3}, new float[] {2, 1});
    List<float[]> reference = List.of(new float[] {2, 0}, new float[] {1, 0}, new float[] {2, 1});
    int[] labels = {0, 0, -1};

    Evaluation all = Evaluation.of(outputs, reference, k -> labels[k]);

    Evaluation byHand = Evaluation.NOTHING;
    for (int k = 0; k < 3; k++) {
      byHand = byHand.plus(Evaluation.of(outputs.get(k), reference.get(k), labels[k]));
    }
    assertThat(all).isEqualTo(byHand);
    assertThat(all.images()).isEqualTo(3);
    assertThat(all.labelled()).isEqualTo(2);
    assertThat(all.top1()).isEqualTo(1);
    assertThat(all.top5()).isEqualTo(2);
    assertThat(all.agreeing()).isEqualTo(2);
  }

  private static List<Integer> ranked(float[] outputs) {
    return IntStream.range(0, outputs.length)
        .boxed()
        .sorted(Comparator.comparing((Integer k) -> -outputs[k]))
        .toList();
  }

  private static double[] softmax(float[] outputs) {
    double total = IntStream.range(0, outputs.length).mapToDouble(k -> Math.exp(outputs[k])).sum();
    return IntStream.range(0, outputs.length)
        .mapToDouble(k -> Math.exp(outputs[k]) / total)
        .toArray();
  }

  private static float[] floats(double[] values) {
    return new Matrix(1, values.length, values).floats();
  }
}
