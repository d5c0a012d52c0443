package io.pare.algorithm.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.Matrix;
import io.pare.testing.Matrices;
import java.util.ArrayList;
import java.util.Arrays;
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
      @ForAll @IntRange(min = 2, max = 12) int classes,
      @ForAll @IntRange(min = -1, max = 14) int label,
      @ForAll long seed) {
    float[] outputs = Matrices.normal(1, classes, seed).floats();
    float[] reference = Matrices.normal(1, classes, seed + 1).floats();
    boolean known = label >= 0 && label < classes;
    List<Integer> ranked = ranked(outputs);

    Evaluation one = Evaluation.of(classifier(classes), outputs, reference, label);

    assertThat(one.images()).isEqualTo(1);
    assertThat(one.labelled()).isEqualTo(known ? 1 : 0);
    assertThat(one.top1()).isEqualTo(known && ranked.get(0) == label ? 1 : 0);
    assertThat(one.top5()).isEqualTo(ranked.stream().limit(5).anyMatch(c -> c == label) ? 1 : 0);
    assertThat(one.outputs().get(0).agreeing())
        .isEqualTo(ranked.get(0).equals(ranked(reference).get(0)) ? 1 : 0);
    boolean right = known && ranked.get(0) == label;
    boolean before = known && ranked(reference).get(0) == label;
    assertThat(one.lost()).isEqualTo(before && !right ? 1 : 0);
    assertThat(one.gained()).isEqualTo(right && !before ? 1 : 0);
    double[] p = softmax(outputs);
    double[] q = softmax(reference);
    double divergence =
        IntStream.range(0, classes).mapToDouble(k -> q[k] * Math.log(q[k] / p[k])).sum();
    assertThat(one.divergence().orElseThrow()).isCloseTo(divergence, within(1e-6));
    assertThat(one.difference()).isEqualTo(one.divergence().orElseThrow());
    assertThat(one.loss()).isCloseTo(known ? -Math.log(p[label]) : 0, within(1e-6));
  }

  @Property(tries = 60, seed = "2")
  void logitsAndTheirProbabilitiesMeasureTheSame(
      @ForAll @IntRange(min = 2, max = 12) int classes, @ForAll long seed) {
    float[] outputs = Matrices.normal(1, classes, seed).floats();
    float[] reference = Matrices.normal(1, classes, seed + 1).floats();

    Evaluation ofLogits = of(outputs, reference, 1);
    Evaluation ofProbabilities = of(floats(softmax(outputs)), floats(softmax(reference)), 1);

    assertThat(ofProbabilities.loss()).isCloseTo(ofLogits.loss(), within(1e-5));
    assertThat(ofProbabilities.difference()).isCloseTo(ofLogits.difference(), within(1e-5));
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
    assertThat(of(outputs, outputs, 0).difference()).isZero();
    assertThat(of(outputs, outputs, 0).outputs().get(0).agreeing()).isEqualTo(1);
    assertThat(of(shifted, outputs, 0).difference()).isCloseTo(0, within(1e-4));
  }

  @Test
  void ofEqualOutputsTheFirstIsTheHighest() {
    float[] equal = {2, 2, 2, 2, 2, 2};
    assertThat(of(equal, equal, 0).top1()).isEqualTo(1);
    assertThat(of(equal, equal, 1).top1()).isZero();
    assertThat(of(equal, equal, 4).top5()).isEqualTo(1);
    assertThat(of(equal, equal, 5).top5()).isZero();
  }

  @Test
  void logitsSoLargeThatTheirExponentialsOverflowAreMeasured() {
    Evaluation large = of(new float[] {1000, 0}, new float[] {1000, 0}, 1);
    assertThat(large.loss()).isCloseTo(1000, within(1e-9));
    assertThat(large.difference()).isZero();
  }

  @Test
  void aProbabilityOfZeroIsAnErrorOfAFiniteSize() {
    Evaluation sure = of(new float[] {1, 0}, new float[] {0, 1}, 1);
    assertThat(sure.loss()).isCloseTo(-Math.log(Float.MIN_NORMAL), within(1e-9));
    assertThat(sure.difference()).isFinite().isGreaterThan(80);
    assertThat(sure.outputs().get(0).agreeing()).isZero();
  }

  @Test
  void imagesAddUpInTheirOrder() {
    List<float[]> outputs = List.of(new float[] {1, 0}, new float[] {0, 3}, new float[] {2, 1});
    List<float[]> reference = List.of(new float[] {2, 0}, new float[] {1, 0}, new float[] {2, 1});
    int[] labels = {0, 0, -1};

    Evaluation all = Evaluation.of(classifier(2), outputs, reference, k -> labels[k]);

    Evaluation byHand = Evaluation.NOTHING;
    for (int k = 0; k < 3; k++) {
      byHand = byHand.plus(of(outputs.get(k), reference.get(k), labels[k]));
    }
    assertThat(all).isEqualTo(byHand);
    assertThat(all.images()).isEqualTo(3);
    assertThat(all.labelled()).isEqualTo(2);
    assertThat(all.top1()).isEqualTo(1);
    assertThat(all.top5()).isEqualTo(2);
    assertThat(all.outputs().get(0).agreeing()).isEqualTo(2);
  }

  @Property(tries = 60, seed = "4")
  void everyOutputIsComparedAsItsKindIs(
      @ForAll @IntRange(min = 1, max = 5) int images,
      @ForAll @IntRange(min = 1, max = 6) int positions,
      @ForAll @IntRange(min = 2, max = 4) int classes,
      @ForAll @IntRange(min = 1, max = 7) int values,
      @ForAll long seed) {
    List<OutputLayout> layouts =
        List.of(
            new OutputLayout("boxes", values, 1), new OutputLayout("masks", positions, classes));
    int length = values + positions * classes;
    List<float[]> outputs = new ArrayList<>();
    List<float[]> reference = new ArrayList<>();
    double error = 0;
    double square = 0;
    double divergence = 0;
    int agreeing = 0;
    for (int image = 0; image < images; image++) {
      float[] y = Matrices.normal(1, length, seed + 2L * image).floats();
      float[] t = Matrices.normal(1, length, seed + 2L * image + 1).floats();
      outputs.add(y);
      reference.add(t);
      for (int k = 0; k < values; k++) {
        error += Math.pow((double) t[k] - y[k], 2);
        square += Math.pow(t[k], 2);
      }
      for (int position = 0; position < positions; position++) {
        int from = values + position * classes;
        float[] mine = Arrays.copyOfRange(y, from, from + classes);
        float[] its = Arrays.copyOfRange(t, from, from + classes);
        double[] p = softmax(mine);
        double[] q = softmax(its);
        for (int k = 0; k < classes; k++) {
          divergence += q[k] * Math.log(q[k] / p[k]) / (images * positions);
        }
        agreeing += ranked(mine).get(0).equals(ranked(its).get(0)) ? 1 : 0;
      }
    }

    Evaluation all = Evaluation.of(layouts, outputs, reference, image -> -1);

    assertThat(all.outputError().orElseThrow()).isCloseTo(error / square, within(1e-9));
    assertThat(all.divergence().orElseThrow()).isCloseTo(divergence, within(1e-6));
    assertThat(all.difference()).isCloseTo(error / square + divergence, within(1e-6));
    assertThat(all.agreement().orElseThrow())
        .isCloseTo((double) agreeing / (images * positions), within(1e-12));
    assertThat(all.classifier().isPresent()).isEqualTo(positions == 1);
  }

  @Test
  void labelsAreHeldAgainstTheFirstOutputThatSaysWhatAnImageShows() {
    List<OutputLayout> layouts =
        List.of(
            new OutputLayout("masks", 2, 2),
            new OutputLayout("classes", 1, 2),
            new OutputLayout("head", 1, 2));
    float[] outputs = {9, 0, 9, 0, 0, 1, 5, 0};

    Evaluation one = Evaluation.of(layouts, outputs, outputs, 1);

    assertThat(one.top1()).isEqualTo(1);
    assertThat(one.classifier().orElseThrow().name()).isEqualTo("classes");
  }

  @Test
  void valuesThatAreAllZeroInBothHaveNoError() {
    List<OutputLayout> layout = List.of(new OutputLayout("boxes", 3, 1));

    Evaluation none = Evaluation.of(layout, new float[3], new float[3], -1);

    assertThat(none.outputError()).hasValue(0);
    assertThat(none.agreement()).isEmpty();
    assertThat(none.divergence()).isEmpty();
  }

  private static Evaluation of(float[] outputs, float[] reference, int label) {
    return Evaluation.of(classifier(outputs.length), outputs, reference, label);
  }

  private static List<OutputLayout> classifier(int classes) {
    return List.of(new OutputLayout("scores", 1, classes));
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
