package io.pare.model.quantization;

import static io.pare.testing.ModelBuilder.number;
import static io.pare.testing.ModelBuilder.seeded;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.pare.algorithm.quantization.AffineCode;
import io.pare.algorithm.quantization.RangeRule;
import io.pare.algorithm.quantization.ValueHistogram;
import io.pare.algorithm.quantization.ValueRange;
import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.TensorData;
import io.pare.model.proto.Onnx;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuantizedNetworkTest {

  /** A branch, a sum, a concatenation, pools, two kinds of matrices, and a curve in floats. */
  private static ModelBuilder branches() {
    return seeded(4)
        .opset(17)
        .input("x", -1, 3, 12, 12)
        .conv("a", "x", 8, 3, 3)
        .relu("ar", "a")
        .maxPool("p", "ar", 2, 2)
        .conv("b", "p", 8, 8, 1)
        .relu("br", "b")
        .conv("c", "p", 8, 8, 1)
        .add("s", "br", "c")
        .relu("sr", "s")
        .concat("j", "sr", "p")
        .node("Sigmoid", "g", List.of("j"), List.of("g"))
        .globalAveragePool("m", "j")
        .flatten("f", "m")
        .gemm("h", "f", 10, 16)
        .relu("hr", "h")
        .weights("w", 10, 5)
        .node("MatMul", "y", List.of("hr", "w"), List.of("y"))
        .output("y", -1, 5)
        .output("g", -1, 16, 5, 5);
  }

  private static Map<String, ValueHistogram> histograms(OnnxNetwork network, CodedTensors coded) {
    InputShape image = Networks.image(network);
    Random random = new Random(7);
    float[] batch = new float[8 * image.values()];
    for (int i = 0; i < batch.length; i++) {
      batch[i] = (float) random.nextGaussian();
    }
    Map<String, ValueHistogram> histograms = new LinkedHashMap<>();
    try (InferenceSession session =
        InferenceSession.open(network.withOutputs(coded.tensors()).toBytes(), 1)) {
      Map<String, TensorData> tensors = session.run(batch, 8, image);
      coded
          .tensors()
          .forEach(
              tensor -> {
                float[] values = tensors.get(tensor).values();
                float low = Float.POSITIVE_INFINITY;
                float high = Float.NEGATIVE_INFINITY;
                for (float value : values) {
                  low = Math.min(low, value);
                  high = Math.max(high, value);
                }
                long[] shape = tensors.get(tensor).shape();
                int channels = (int) shape[1];
                ValueHistogram histogram =
                    ValueHistogram.empty(new ValueRange(low, high), channels);
                histogram.add(FloatBuffer.wrap(values), values.length / 8 / channels);
                histograms.put(tensor, histogram);
              });
    }
    return histograms;
  }

  private static OnnxNetwork quantized(OnnxNetwork network, CodedTensors coded, RangeRule rule) {
    return quantized(network, coded, rule, Set.of());
  }

  private static OnnxNetwork quantized(
      OnnxNetwork network, CodedTensors coded, RangeRule rule, Set<String> narrow) {
    Map<String, ValueHistogram> counted = histograms(network, coded);
    return written(coded, coded.codes(counted, rule), narrow, counted);
  }

  private static OnnxNetwork written(
      CodedTensors coded,
      Map<String, AffineCode> codes,
      Set<String> narrow,
      Map<String, ValueHistogram> counted) {
    OnnxNetwork written =
        QuantizedNetwork.of(coded, codes, narrow, new WeightCodes(coded, counted));
    return ModelReader.read("quantized", written.toBytes(), ExternalData.none());
  }

  @ParameterizedTest
  @EnumSource(RangeRule.class)
  void theOutputsAreNearlyThoseOfTheNetworkInFloats(RangeRule rule) {
    OnnxNetwork network = Networks.read(branches());
    OnnxNetwork written = quantized(network, CodedTensors.of(network), rule);
    assertThat(relativeError(written, network)).isBetween(1e-8, 2e-3);
    assertThat(written.isOutput("y")).isTrue();
    assertThat(written.isOutput("g")).isTrue();
  }

  private static double relativeError(OnnxNetwork actual, OnnxNetwork expected) {
    float[] want = Networks.run(expected, 4).values();
    float[] have = Networks.run(actual, 4).values();
    double error = 0;
    double energy = 0;
    for (int i = 0; i < want.length; i++) {
      error += Math.pow(have[i] - want[i], 2);
      energy += Math.pow(want[i], 2);
    }
    return error / energy;
  }

  @Test
  void weightsAreBytesAndALayerThatIsSparedKeepsItsFloats() {
    OnnxNetwork network = Networks.read(branches());
    CodedTensors all = CodedTensors.of(network);
    assertThat(all.layers()).containsExactly("a", "b", "c", "h", "y");
    OnnxNetwork written = quantized(network, all, RangeRule.MIN_MAX);
    assertThat(weights(written, "b").getDataType()).isEqualTo(Onnx.TensorProto.DataType.INT8_VALUE);
    assertThat(Networks.layers(written).total()).isEqualTo(Networks.layers(network).total());

    CodedTensors some = all.without(Set.of("b", "y"));
    OnnxNetwork spared = quantized(network, some, RangeRule.MIN_MAX);
    assertThat(some.layers()).containsExactly("a", "c", "h");
    assertThat(spared.constant(producer(spared, "b").getInput(1)))
        .isEqualTo(network.constant(producer(network, "b").getInput(1)));
    assertThat(relativeError(spared, network)).isLessThan(relativeError(written, network));
  }

  private static Onnx.NodeProto producer(OnnxNetwork network, String tensor) {
    return network.producer(tensor).orElseThrow();
  }

  private static Onnx.TensorProto weights(OnnxNetwork network, String output) {
    String decoded = producer(network, output).getInput(1);
    return network.constant(producer(network, decoded).getInput(0)).orElseThrow();
  }

  @Test
  void whatOnlyMovesValuesSharesTheCodeOfWhatItMoves() {
    OnnxNetwork network = Networks.read(branches());
    CodedTensors coded = CodedTensors.of(network);
    Map<String, ?> codes = coded.codes(histograms(network, coded), RangeRule.LEAST_SQUARES);
    assertThat(codes.get("p")).isEqualTo(codes.get("ar"));
    assertThat(codes.get("f")).isEqualTo(codes.get("m"));
    assertThat(codes).doesNotContainKeys("a", "b", "s", "g", "y");
  }

  @Test
  void sectionsAndRepeatedValuesStayCodesAndInterpolatedOnesDoNot() {
    ModelBuilder model =
        seeded(6)
            .opset(17)
            .input("x", -1, 3, 6, 6)
            .conv("a", "x", 4, 3, 1)
            .initializer(Tensors.of("from", new long[] {0, 0}))
            .initializer(Tensors.of("to", new long[] {6, 6}))
            .initializer(Tensors.of("axes", new long[] {2, 3}))
            .initializer(Tensors.of("steps", new long[] {2, 2}))
            .node("Slice", "half", List.of("a", "from", "to", "axes", "steps"), List.of("half"))
            .initializer(ModelBuilder.floats("factors", new long[] {4}, 1, 1, 2, 2))
            .node("Resize", "twice", List.of("half", "", "factors"), List.of("twice"))
            .node(
                "Resize",
                "smooth",
                List.of("half", "", "factors"),
                List.of("smooth"),
                ModelBuilder.text("mode", "linear"))
            .conv("b", "twice", 4, 4, 1)
            .output("b", -1, 4, 6, 6)
            .output("smooth", -1, 4, 6, 6);
    OnnxNetwork network = Networks.read(model);
    CodedTensors coded = CodedTensors.of(network);
    Map<String, ?> codes = coded.codes(histograms(network, coded), RangeRule.MIN_MAX);
    assertThat(codes.get("half")).isEqualTo(codes.get("a"));
    assertThat(codes.get("twice")).isEqualTo(codes.get("a"));
    assertThat(codes).doesNotContainKey("smooth");
    assertThat(relativeError(quantized(network, coded, RangeRule.MIN_MAX), network))
        .isBetween(1e-8, 2e-3);
  }

  @Test
  void aCodedOutputOfTheNetworkKeepsItsName() {
    OnnxNetwork network =
        Networks.read(
            seeded(5)
                .opset(13)
                .input("x", -1, 3, 6, 6)
                .conv("a", "x", 4, 3, 3)
                .relu("r", "a")
                .output("r", -1, 4, 4, 4));
    OnnxNetwork written = quantized(network, CodedTensors.of(network), RangeRule.MIN_MAX);
    assertThat(written.floatOutputs()).containsExactly("r");
    assertThat(relativeError(written, network)).isLessThan(1e-3);
  }

  @Test
  void theSameNetworkGivesTheSameBytesAndADraftTheSameLength() {
    OnnxNetwork network = Networks.read(branches());
    OnnxNetwork written = quantized(network, CodedTensors.of(network), RangeRule.MIN_MAX);
    assertThat(quantized(network, CodedTensors.of(network), RangeRule.MIN_MAX).toBytes())
        .isEqualTo(written.toBytes());
    assertThat(Precision.INT8.draft(network).length()).isEqualTo(written.length());
  }

  /** Two layers that are large enough for weights of four bits, and one that is not. */
  private static ModelBuilder large() {
    return seeded(8)
        .opset(13)
        .input("x", -1, 3, 8, 8)
        .conv("a", "x", 32, 3, 3)
        .relu("ar", "a")
        .conv("b", "ar", 48, 32, 3)
        .relu("br", "b")
        .globalAveragePool("m", "br")
        .flatten("f", "m")
        .weights("w", 48, 64)
        .node("MatMul", "y", List.of("f", "w"), List.of("y"))
        .output("y", -1, 64);
  }

  @Test
  void weightsOfFourBitsAreWhatTheirCodesStandForInHalfTheBytes() {
    OnnxNetwork network = Networks.read(large());
    CodedTensors coded = CodedTensors.of(network);
    assertThat(coded.narrowable()).containsOnly(Map.entry("b", 13824L), Map.entry("y", 3072L));
    OnnxNetwork eight = quantized(network, coded, RangeRule.MIN_MAX);
    OnnxNetwork four = quantized(network, coded, RangeRule.MIN_MAX, coded.narrowable().keySet());

    assertThat(eight.length() - four.length())
        .isBetween(13824 / 2 + 3072 / 2 - 700, 13824 / 2 + 3072 / 2);
    assertThat(relativeError(four, network)).isBetween(relativeError(eight, network), 0.05);
    assertThat(Networks.layers(four).total()).isEqualTo(Networks.layers(network).total());
    assertThat(Precision.INT4.draft(network).length()).isEqualTo(four.length());
    for (String layer : List.of("b", "y")) {
      String decoded = producer(four, layer).getInput(1);
      float[] values = constant(four, decoded);
      float[] weights =
          Tensors.floats(network.constant(producer(network, layer).getInput(1)).orElseThrow());
      assertThat(values).hasSameSizeAs(weights);
      double error = 0;
      double energy = 0;
      for (int i = 0; i < values.length; i++) {
        error += Math.pow(values[i] - weights[i], 2);
        energy += Math.pow(weights[i], 2);
      }
      assertThat(error / energy).isBetween(1e-4, 0.02);
    }
  }

  /** A constant tensor, as ONNX Runtime computes it. */
  private static float[] constant(OnnxNetwork network, String tensor) {
    InputShape image = Networks.image(network);
    try (InferenceSession session =
        InferenceSession.open(network.withOutputs(List.of(tensor)).toBytes(), 1)) {
      return session.run(new float[image.values()], 1, image).get(tensor).values();
    }
  }

  @Test
  void onnxRuntimeComputesEveryLayerOnWholeNumbers(@TempDir Path folder) throws Exception {
    OnnxNetwork network = Networks.read(branches());
    OnnxNetwork written = quantized(network, CodedTensors.of(network), RangeRule.MIN_MAX);
    Path optimised = folder.resolve("optimised.onnx");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizedModelFilePath(optimised.toString());
      OrtEnvironment.getEnvironment().createSession(written.toBytes(), options).close();
    }
    List<String> operators =
        Onnx.ModelProto.parseFrom(Files.readAllBytes(optimised)).getGraph().getNodeList().stream()
            .map(Onnx.NodeProto::getOpType)
            .toList();
    assertThat(operators).doesNotContain("Conv", "Gemm", "MatMul");
  }

  @Test
  void theBiasTakesUpWhatRoundedWeightsLoseInTheMean() {
    OnnxNetwork network =
        Networks.read(
            seeded(8)
                .opset(17)
                .input("x", -1, 3, 10, 10)
                .conv("a", "x", 32, 3, 3)
                .relu("ar", "a")
                .conv("b", "ar", 64, 16, 3, number("group", 2))
                .relu("br", "b")
                .conv("c", "br", 48, 64, 1)
                .globalAveragePool("m", "c")
                .flatten("f", "m")
                .gemm("y", "f", 64, 48)
                .output("y", -1, 64));
    CodedTensors coded = CodedTensors.of(network);
    Map<String, ValueHistogram> counted = histograms(network, coded);
    Map<String, AffineCode> codes = coded.codes(counted, RangeRule.MIN_MAX);
    Set<String> narrow = coded.narrowable().keySet();
    double evened = relativeError(written(coded, codes, narrow, counted), network);
    double plain = relativeError(written(coded, codes, narrow, Map.of()), network);
    assertThat(evened).isLessThan(0.5 * plain);
  }

  @Test
  void halfTheBytesHoldTheWeightsInHalfPrecision() {
    OnnxNetwork network =
        Networks.read(
            seeded(6)
                .opset(12)
                .input("x", -1, 64, 4, 4)
                .conv("a", "x", 128, 64, 1)
                .relu("r", "a")
                .output("r", -1, 128, 4, 4));
    OnnxNetwork written =
        ModelReader.read("half", HalfWeights.of(network).toBytes(), ExternalData.none());
    assertThat(written.length()).isBetween(network.length() / 2, network.length() * 53 / 100);
    assertThat(relativeError(written, network)).isBetween(1e-12, 1e-5);
    assertThat(Networks.layers(written).total()).isEqualTo(Networks.layers(network).total());
  }

  @Test
  void weightsBeyondHalfPrecisionStayAsTheyAre() {
    float[] values = new float[256];
    values[3] = 70_000;
    ModelBuilder model =
        seeded(7)
            .opset(17)
            .input("x", -1, 16)
            .initializer(ModelBuilder.floats("w", new long[] {16, 16}, values))
            .node("MatMul", "y", List.of("x", "w"), List.of("y"))
            .output("y", -1, 16);
    OnnxNetwork network = OnnxNetwork.of(model.build());
    assertThat(Tensors.floats(HalfWeights.of(network).constant("w").orElseThrow()))
        .isEqualTo(values);
  }
}
