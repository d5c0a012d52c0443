package io.pare.model.inference;

import static io.pare.testing.ModelBuilder.ints;
import static io.pare.testing.ModelBuilder.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import io.pare.algorithm.structure.Window;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import io.pare.model.NetworkShapes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.quantization.Precision;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerTimerTest {
  private static final Repeats FEW = new Repeats(1, 3);
  private static final Support CHANNELS = new Support(Support.Kind.INPUTS, new int[] {0, 2, 3});
  private static final Support FILTERS = new Support(Support.Kind.FILTERS, new int[] {1, 4});

  private static final List<Structure> STRUCTURES =
      List.of(
          Structure.keep(),
          Structure.of(new LowRank(Form.CHANNEL, 3)),
          Structure.of(new LowRank(Form.SPATIAL, 3)),
          Structure.of(new LowRank(Form.TUCKER, 2, 3)),
          Structure.of(CHANNELS),
          Structure.of(FILTERS),
          new Structure.Sum(new LowRank(Form.SPATIAL, 2), CHANNELS),
          new Structure.Sum(new LowRank(Form.CHANNEL, 2), FILTERS));

  private static OnnxNetwork network() {
    return Networks.read(
        ModelBuilder.seeded(3)
            .input("x", -1, 4, 9, 11)
            .conv("a", "x", 8, 4, 3, ints("strides", 2, 1), ints("pads", 1, 0, 1, 2))
            .relu("r", "a")
            .conv("b", "r", 12, 4, 3, number("group", 2))
            .initializer(ModelBuilder.floats("low", new long[0], 0))
            .initializer(ModelBuilder.floats("high", new long[0], 6))
            .node("Clip", "c", List.of("b", "low", "high"), List.of("c"))
            .conv("same", "c", 12, 12, 1)
            .conv("again", "same", 12, 12, 1)
            .globalAveragePool("p", "again")
            .flatten("f", "p")
            .gemm("g", "f", 6, 12)
            .weights("w", 6, 5)
            .node("MatMul", "m", List.of("g", "w"), List.of("m"))
            .output("m", -1, 5));
  }

  private static Layer layer(String name) {
    return Networks.layers(network()).named(name).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "a, FP32",
    "b, FP32",
    "same, FP32",
    "g, FP32",
    "m, FP32",
    "b, FP16",
    "a, INT8",
    "b, INT8",
    "g, INT8",
    "m, INT8"
  })
  void everyStructureOfEveryKindOfLayerHasATimeInEveryPrecision(String name, Precision precision) {
    LayerTimer timer = new LayerTimer(2, 1, precision, FEW);
    assertThat(timer.medianMilliseconds(layer(name), STRUCTURES))
        .hasSameSizeAs(STRUCTURES)
        .allMatch(median -> median > 0 && Double.isFinite(median));
    assertThat(timer.measurements()).isEqualTo(STRUCTURES.size());
  }

  @Test
  void convolutionsOverOtherAxesAndTransposedOnesHaveATimeToo() {
    OnnxNetwork network =
        Networks.read(
            ModelBuilder.seeded(3)
                .input("x", -1, 4, 5, 6)
                .weights("w", 4, 6, 3, 3)
                .node("ConvTranspose", "t", List.of("x", "w"), List.of("t"), ints("strides", 2, 2))
                .initializer(Tensors.of("shape", new long[] {0, 6, -1}))
                .node("Reshape", "flat", List.of("t", "shape"), List.of("flat"))
                .weights("v", 5, 6, 3)
                .node("Conv", "s", List.of("flat", "v"), List.of("s"), ints("pads", 1, 1))
                .output("s", -1, 5, 143));
    LayerTimer timer = new LayerTimer(2, 1, Precision.FP32, FEW);
    for (Layer layer : Networks.layers(network).compressible()) {
      assertThat(timer.medianMilliseconds(layer, STRUCTURES.subList(0, 2)))
          .hasSize(2)
          .allMatch(median -> median > 0 && Double.isFinite(median));
    }
    assertThat(timer.measurements()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "g", "m"})
  void theNetworkOfOneLayerIsThatLayer(String name) {
    Layer layer = layer(name);
    SingleLayer single = new SingleLayer(layer, 3);
    NetworkLayers found =
        NetworkLayers.of(single.network(Structure.keep()), NetworkShapes.unknown());
    Layer alone = found.compressible().get(0);
    assertThat(alone.shape()).isEqualTo(layer.shape());
    assertThat(alone.groups()).isEqualTo(layer.groups());
    assertThat(unmeasured(alone)).isEqualTo(unmeasured(layer));
    assertThat(alone.activation()).isEqualTo(layer.activation());
    assertThat(single.dims()[0]).isEqualTo(3);
    NetworkLayers split =
        NetworkLayers.of(single.network(STRUCTURES.get(1)), NetworkShapes.unknown());
    LayerShape shape = layer.shape();
    assertThat(split.total().weights())
        .isEqualTo(layer.groups() * 3L * (shape.columns() + shape.outputs()));
  }

  private static List<Window.Axis> unmeasured(Layer layer) {
    return layer.window().axes().stream()
        .map(a -> new Window.Axis(0, a.taps(), a.stride(), a.before(), a.after(), a.dilation()))
        .toList();
  }

  @Test
  void aLayerOfTheSameShapeIsMeasuredOnce() {
    LayerTimer timer = new LayerTimer(1, 1, Precision.FP32, FEW);
    double median = median(timer, "same", Structure.keep());
    assertThat(median(timer, "again", Structure.keep())).isEqualTo(median);
    assertThat(timer.measurements()).isOne();
    Support others = new Support(Support.Kind.INPUTS, new int[] {1, 5, 9});
    double gathered = median(timer, "same", Structure.of(CHANNELS));
    assertThat(median(timer, "again", Structure.of(others))).isEqualTo(gathered);
    assertThat(timer.measurements()).isEqualTo(2);
    assertThat(median(timer, "a", Structure.keep())).isPositive();
    assertThat(timer.measurements()).isEqualTo(3);
  }

  private static double median(LayerTimer timer, String name, Structure structure) {
    return timer.medianMilliseconds(layer(name), List.of(structure)).get(0);
  }

  @Test
  void aLayerOfUnknownSizeCannotBeTimed() {
    Layer layer = NetworkLayers.of(network(), NetworkShapes.unknown()).compressible().get(0);
    assertThatThrownBy(
            () -> new LayerTimer(1, 1, Precision.FP32, FEW).medianMilliseconds(layer, STRUCTURES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("layer a cannot be timed: the size of its feature maps is not known");
    assertThatThrownBy(() -> new LayerTimer(0, 1, Precision.FP32, FEW))
        .hasMessage("a batch of 0 images on 1 threads cannot be timed");
    assertThatThrownBy(() -> new Repeats(0, 0))
        .hasMessage("0 rounds after 0 runs to warm up cannot be");
  }

  @Test
  void networksAreComparedOnTheSameBatch() {
    OnnxNetwork network = network();
    Latency latency = NetworkTimer.compare(network, network, Networks.image(network), 2, 1);
    assertThat(latency.ratio())
        .isEqualTo(latency.beforeMilliseconds() / latency.afterMilliseconds())
        .isPositive();
    assertThatThrownBy(
            () -> NetworkTimer.compare(fixed(1), fixed(2), Networks.image(network), 1, 1))
        .hasMessage("batches of 1 and 2 images cannot be compared");
  }

  private static OnnxNetwork fixed(int images) {
    return Networks.read(
        ModelBuilder.seeded(3)
            .input("x", images, 4, 9, 11)
            .conv("a", "x", 8, 4, 3)
            .output("a", images, 8, 7, 9));
  }
}
