package io.pare.model.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.algorithm.statistics.OutputLayout;
import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.Pass;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.inference.TensorData;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import io.pare.testing.OutputKinds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs are told by the graph, and cut image by image as a run on one image gives them. */
class NetworkOutputsTest {
  private static final int SIDE = 8;

  private static ModelBuilder images(long batch) {
    return ModelBuilder.seeded(5).input("x", batch, 3, SIDE, SIDE);
  }

  private static ModelBuilder classifier(long batch) {
    return images(batch)
        .conv("c", "x", 4, 3, 3)
        .globalAveragePool("mean", "c")
        .flatten("flat", "mean")
        .gemm("logits", "flat", 7, 4);
  }

  @Test
  void aVectorIsScoresAndSoIsASoftmax() {
    assertThat(layouts(classifier(-1).output("logits", -1, 7)))
        .containsExactly(new OutputLayout("logits", 1, 7));
    assertThat(layouts(classifier(-1).softmax("p", "logits").output("p", -1, 7)))
        .containsExactly(new OutputLayout("p", 1, 7));
  }

  @Test
  void aVectorBehindASigmoidOrOfOneClassIsValues() {
    assertThat(
            layouts(
                classifier(-1)
                    .node("Sigmoid", "s", List.of("logits"), List.of("s"))
                    .output("s", -1, 7)))
        .containsExactly(new OutputLayout("s", 7, 1));
    assertThat(layouts(images(-1).flatten("f", "x").gemm("y", "f", 1, 192).output("y", -1, 1)))
        .containsExactly(new OutputLayout("y", 1, 1));
  }

  @Test
  void mapsOfClassesAreScoresAlongTheChannels() {
    assertThat(layouts(images(-1).conv("m", "x", 5, 3, 3).output("m", -1, 5, 6, 6)))
        .containsExactly(new OutputLayout("m", 36, 5));
  }

  @Test
  void mapsOfOneChannelOrOfColoursAreValues() {
    assertThat(layouts(images(-1).conv("m", "x", 1, 3, 3).output("m", -1, 1, 6, 6)))
        .containsExactly(new OutputLayout("m", 36, 1));
    assertThat(layouts(images(-1).conv("m", "x", 3, 3, 3).output("m", -1, 3, 6, 6)))
        .containsExactly(new OutputLayout("m", 108, 1));
  }

  @Test
  void mapsOfSeveralSizesAreValues() {
    ModelBuilder model =
        images(-1)
            .conv("a", "x", 5, 3, 3)
            .conv("b", "a", 5, 5, 3)
            .output("a", -1, 5, 6, 6)
            .output("b", -1, 5, 4, 4);

    assertThat(layouts(model))
        .containsExactly(new OutputLayout("a", 180, 1), new OutputLayout("b", 80, 1));
  }

  @Test
  void theOutputsOfADetectorAreBoxesAndScores() {
    assertThat(outputs(OutputKinds.detector(-1), OutputRules.NONE).layouts())
        .containsExactly(
            new OutputLayout("boxes", 36 * 4, 1),
            new OutputLayout("scores", 36, 3),
            new OutputLayout("middle", 4 * 36, 1));
  }

  @Test
  void outputsWithoutFloatsOrWithoutAPartForEachImageAreLeftOut() {
    ModelBuilder model =
        classifier(-1)
            .node(
                "ArgMax",
                "best",
                List.of("logits"),
                List.of("best"),
                ModelBuilder.number("axis", 1))
            .initializer(ModelBuilder.floats("anchors", new long[] {2, 2}, 1, 2, 3, 4))
            .node("Mul", "twice", List.of("anchors", "anchors"), List.of("twice"))
            .output("logits", -1, 7)
            .output("twice", 2, 2);
    OnnxNetwork network = OutputKinds.withIntegers(model, "best");

    assertThat(network.floatOutputs()).containsExactly("logits", "twice");
    assertThat(outputs(network, OutputRules.NONE).names()).containsExactly("logits");
  }

  @Test
  void anOutputWhoseSizeDependsOnWhatIsSeenIsLeftOut() {
    ModelBuilder model =
        classifier(-1)
            .node("NonZero", "where", List.of("logits"), List.of("where"))
            .node(
                "Cast", "floats", List.of("where"), List.of("floats"), ModelBuilder.number("to", 1))
            .output("logits", -1, 7)
            .output("floats", 2, -1);

    assertThat(outputs(Networks.read(model), OutputRules.NONE).names()).containsExactly("logits");
  }

  @Test
  void rulesSayOtherwise() {
    OnnxNetwork network = OutputKinds.detector(-1);

    assertThat(
            outputs(network, OutputRules.parse("boxes=scores:2,scores=values,middle=none"))
                .layouts())
        .containsExactly(new OutputLayout("boxes", 36, 4), new OutputLayout("scores", 108, 1));
  }

  @Test
  void rulesThatTheNetworkCannotFollowAreRefused() {
    OnnxNetwork network = OutputKinds.detector(-1);

    assertThatThrownBy(() -> outputs(network, OutputRules.parse("box=values")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("outputs names box")
        .hasMessageContaining("[boxes, scores, middle]");
    assertThatThrownBy(() -> outputs(network, OutputRules.parse("boxes=scores:0")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("outputs = boxes=scores:0")
        .hasMessageContaining("[1, 36, 4]");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, 2})
  void aBatchIsCutAsEachImageAloneWouldBe(int batch) {
    assertCut(OutputKinds.detector(batch), OutputRules.NONE);
    assertCut(
        Networks.read(images(batch).conv("m", "x", 5, 3, 3).output("m", batch, 5, 6, 6)),
        OutputRules.NONE);
  }

  /** Images lie along the second axis, as in what was made for sequences. */
  @Test
  void imagesAreFoundOnAnyAxis() {
    ModelBuilder model =
        images(-1)
            .conv("m", "x", 5, 3, 3)
            .node(
                "Transpose", "t", List.of("m"), List.of("t"), ModelBuilder.ints("perm", 2, 0, 3, 1))
            .output("t", 6, -1, 6, 5);
    OnnxNetwork network = Networks.read(model);

    assertThat(outputs(network, OutputRules.NONE).each().get(0).imageAxis()).isEqualTo(1);
    assertCut(network, OutputRules.NONE);
    assertCut(network, OutputRules.parse("t=scores:-1"));
    assertCut(network, OutputRules.parse("t=scores:0"));
  }

  @Test
  void ofManyPositionsSomeAreComparedInAllColumns() {
    NetworkOutput large = NetworkOutput.of("m", 0, 1, 4, 512 * 512, 4 * 512 * 512);
    int step = large.step();

    assertThat(large)
        .as("what is said of them")
        .hasToString(
            "m (4 classes at %d of 262144 positions)".formatted(large.layout().positions()));
    assertThat(large.layout().values()).isLessThanOrEqualTo(1 << 17).isGreaterThan(1 << 16);
    assertThat(step % 2).as("columns that are seen: all where it is odd").isEqualTo(1);
    float[] values = new float[4 * 512 * 512];
    for (int k = 0; k < values.length; k++) {
      values[k] = k;
    }
    float[] target = new float[large.layout().values()];
    large.cut(new TensorData(new long[] {1, 4, 512, 512}, values), 1, 0, target, 0);
    for (int position = 0; position < large.layout().positions(); position++) {
      for (int k = 0; k < 4; k++) {
        assertThat(target[4 * position + k]).isEqualTo(k * 512 * 512 + position * step);
      }
    }
  }

  @Test
  void anOutputThatChangesItsSizeIsRefusedWithTheWayOut() {
    NetworkOutput output = NetworkOutput.of("boxes", 0, NetworkOutput.NONE, 1, 1, 12);
    TensorData other = new TensorData(new long[] {2, 5}, new float[10]);

    assertThatThrownBy(() -> output.cut(other, 2, 0, new float[12], 0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("outputs=boxes=none");
  }

  private static List<OutputLayout> layouts(ModelBuilder model) {
    return outputs(Networks.read(model), OutputRules.NONE).layouts();
  }

  private static NetworkOutputs outputs(OnnxNetwork network, OutputRules rules) {
    InputShape image = Networks.image(network);
    return NetworkOutputs.of(network, ShapeMeasurement.of(network, image), image.layout(), rules);
  }

  /** Against runs on one image, whose outputs are read index by index. */
  private static void assertCut(OnnxNetwork network, OutputRules rules) {
    InputShape image = Networks.image(network);
    NetworkOutputs outputs = outputs(network, rules);
    int count = 5;
    int fixed = network.fixedBatch().orElse(0);
    Random random = new Random(9);
    float[] pixels = new float[count * image.values()];
    for (int k = 0; k < pixels.length; k++) {
      pixels[k] = (float) random.nextGaussian();
    }
    List<float[]> cut = new ArrayList<>();
    try (InferenceSession session = InferenceSession.open(network.toBytes(), 1)) {
      for (Pass pass : session.passes(pixels, count, image)) {
        cut.addAll(outputs.byImage(pass.outputs(), pass.size(), pass.images()));
      }
      assertThat(cut).hasSize(count);
      for (int k = 0; k < count; k++) {
        float[] one =
            java.util.Arrays.copyOfRange(pixels, k * image.values(), (k + 1) * image.values());
        Pass alone = session.passes(one, 1, image).get(0);
        assertThat(cut.get(k))
            .as("image " + k)
            .containsExactly(byIndex(outputs, alone.outputs(), Math.max(1, fixed)), within());
      }
    }
  }

  private static org.assertj.core.data.Offset<Float> within() {
    return org.assertj.core.data.Offset.offset(1e-5f);
  }

  /** Position by position, in the order of all axes but those of images and classes. */
  private static float[] byIndex(
      NetworkOutputs outputs, Map<String, TensorData> tensors, int batch) {
    List<Float> values = new ArrayList<>();
    for (NetworkOutput output : outputs.each()) {
      TensorData data = tensors.get(output.name());
      long[] dims = data.shape().clone();
      dims[output.imageAxis()] /= batch;
      int classAxis = classAxis(output, dims);
      index(data, dims, classAxis, new int[dims.length], 0, values);
    }
    float[] array = new float[values.size()];
    for (int k = 0; k < array.length; k++) {
      array[k] = values.get(k);
    }
    return array;
  }

  private static int classAxis(NetworkOutput output, long[] dims) {
    if (!output.layout().isScores()) {
      return -1;
    }
    // The only Softmax of these networks is along the last axis.
    return output.classAxis() == NetworkOutput.NONE ? dims.length - 1 : output.classAxis();
  }

  private static void index(
      TensorData data, long[] dims, int classAxis, int[] at, int axis, List<Float> values) {
    if (axis == dims.length) {
      for (int k = 0; k < (classAxis < 0 ? 1 : dims[classAxis]); k++) {
        if (classAxis >= 0) {
          at[classAxis] = k;
        }
        int place = 0;
        for (int i = 0; i < dims.length; i++) {
          place = place * Math.toIntExact(data.shape()[i]) + at[i];
        }
        values.add(data.values()[place]);
      }
      return;
    }
    for (int k = 0; k < (axis == classAxis ? 1 : dims[axis]); k++) {
      at[axis] = k;
      index(data, dims, classAxis, at, axis + 1, values);
    }
  }
}
