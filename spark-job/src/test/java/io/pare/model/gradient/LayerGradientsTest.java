package io.pare.model.gradient;

import static io.pare.testing.ModelBuilder.ints;
import static io.pare.testing.ModelBuilder.number;
import static io.pare.testing.ModelBuilder.real;
import static io.pare.testing.ModelBuilder.text;

import io.pare.testing.ModelBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolutions and matrix products: every gradient against central differences. */
class LayerGradientsTest {
  /** Images whose every value can be learned too: they are shifted by a tensor of their size. */
  private static ModelBuilder shifted(long opset, long channels, long rows, long columns) {
    return ModelBuilder.seeded(5)
        .opset(opset)
        .input("images", -1, channels, rows, columns)
        .weights("shift", 1, channels, rows, columns)
        .add("x", "images", "shift");
  }

  @ParameterizedTest
  @CsvSource({
    "17, 3, 1, 1, 1, 1 1 1 1",
    "17, 3, 2, 1, 1, 1 1 1 1",
    "17, 3, 2, 1, 2, 0 1 2 1",
    "17, 3, 1, 2, 1, 2 0 1 3",
    "17, 2, 2, 1, 1, 0 0 0 0",
    "17, 2, 3, 1, 4, 1 0 0 2",
    "17, 1, 1, 1, 1, 0 0 0 0",
    "17, 1, 2, 1, 2, 0 0 0 0",
    "17, 1, 1, 1, 4, 0 0 0 0",
    "17, 1, 1, 1, 1, 1 0 1 0",
    "17, 5, 1, 1, 1, 5 5 5 5",
    "9, 3, 2, 1, 2, 1 0 1 1",
    "11, 3, 1, 1, 1, 1 1 1 1",
    "18, 3, 2, 1, 1, 1 1 1 1"
  })
  void convolutions(long opset, int kernel, int stride, int dilation, int groups, String pads) {
    ModelBuilder model =
        shifted(opset, 4, 6, 7)
            .conv(
                "conv",
                "x",
                8,
                4 / groups,
                kernel,
                ints("pads", longs(pads)),
                ints("strides", stride, stride),
                ints("dilations", dilation, dilation),
                number("group", groups))
            .output("conv", -1, 8, -1, -1);
    GradientCheck.assertGradients(model, "shift", "conv.weight", "conv.bias");
  }

  /** Filters no more than channels, and channels that are not few. */
  @ParameterizedTest
  @CsvSource({
    "17, 3 3, 1, 1 1, 1, 1 1 1 1",
    "17, 3 3, 1, 1 1, 2, 1 1 1 1",
    "17, 3 3, 1, 1 1, 6, 1 0 0 1",
    "17, 3 2, 1, 2 1, 2, 2 0 1 1",
    "17, 2 3, 1, 1 2, 1, 0 3 1 2",
    "17, 1 3, 1, 1 1, 1, 0 1 0 1",
    "17, 3 1, 1, 1 1, 1, 1 0 1 0",
    "17, 3 3, 2, 1 1, 1, 1 1 1 1",
    "17, 3 3, 1, 1 1, 1, 4 3 5 4",
    "17, 1 1, 1, 1 1, 1, 1 2 3 0",
    "17, 4 9, 1, 1 1, 1, 2 4 2 4",
    "9, 3 3, 1, 1 1, 2, 1 0 1 1",
    "18, 3 3, 1, 1 1, 1, 0 0 0 0"
  })
  void convolutionsToFewerFilters(
      long opset, String kernel, int stride, String dilations, int groups, String pads) {
    long[] taps = longs(kernel);
    ModelBuilder model =
        shifted(opset, 6, 5, 6)
            .weights("weight", 6, 6 / groups, taps[0], taps[1])
            .weights("bias", 6)
            .node(
                "Conv",
                "conv",
                List.of("x", "weight", "bias"),
                List.of("conv"),
                ints("pads", longs(pads)),
                ints("strides", stride, stride),
                ints("dilations", longs(dilations)),
                number("group", groups))
            .output("conv", -1, 6, -1, -1);
    GradientCheck.assertGradients(model, "shift", "weight", "bias");
  }

  /** Small maps, whose images are laid end to end, and large ones of which each has a product. */
  @ParameterizedTest
  @CsvSource({"6, 8, 3", "8, 6, 3", "6, 6, 12", "5, 9, 12", "9, 5, 12", "2, 5, 12"})
  void kernelsOfSmallAndLargeMaps(int channels, int filters, int rows) {
    ModelBuilder model =
        shifted(17, channels, rows, rows)
            .weights("weight", filters, channels, 2, 3)
            .node("Conv", "conv", List.of("x", "weight"), List.of("conv"), ints("pads", 0, 1, 1, 1))
            .output("conv", -1, filters, -1, -1);
    GradientCheck.assertGradients(model, "weight");
  }

  private static long[] longs(String numbers) {
    return List.of(numbers.split(" ")).stream().mapToLong(Long::parseLong).toArray();
  }

  @ParameterizedTest
  @CsvSource({"SAME_UPPER, 2, 3", "SAME_LOWER, 2, 2", "VALID, 1, 3", "SAME_UPPER, 1, 2"})
  void convolutionsWithAutomaticPads(String pads, int stride, int kernel) {
    ModelBuilder model =
        shifted(17, 3, 6, 5)
            .conv(
                "conv", "x", 2, 3, kernel, text("auto_pad", pads), ints("strides", stride, stride))
            .output("conv", -1, 2, -1, -1);
    GradientCheck.assertGradients(model, "shift", "conv.weight", "conv.bias");
  }

  @Test
  void convolutionOfKernelsThatAreNotSquareWithDifferentStrides() {
    ModelBuilder model =
        shifted(17, 3, 6, 7)
            .weights("weight", 4, 3, 3, 1)
            .node(
                "Conv",
                "conv",
                List.of("x", "weight"),
                List.of("conv"),
                ints("pads", 1, 0, 0, 0),
                ints("strides", 1, 3))
            .output("conv", -1, 4, -1, -1);
    GradientCheck.assertGradients(model, "shift", "weight");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3"})
  void convolutionsOverOneAxis(int stride, int groups) {
    ModelBuilder model =
        shifted(17, 3, 2, 5)
            .initializer(Indices.of("size", 0, 6, 5))
            .node("Reshape", "rows", List.of("x", "size"), List.of("rows"))
            .weights("weight", 6, 6 / groups, 3)
            .weights("bias", 6)
            .node(
                "Conv",
                "conv",
                List.of("rows", "weight", "bias"),
                List.of("conv"),
                ints("pads", 1, 1),
                ints("strides", stride),
                number("group", groups))
            .output("conv", -1, 6, -1);
    GradientCheck.assertGradients(model, "shift", "weight", "bias");
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 0, 1", "2, 1, 1, 2", "2, 2, 0, 1", "3, 1, 2, 2"})
  void transposedConvolutions(int stride, int dilation, int more, int groups) {
    ModelBuilder model =
        shifted(17, 4, 3, 4)
            .weights("weight", 4, 3, 3, 2)
            .weights("bias", 3L * groups)
            .node(
                "ConvTranspose",
                "conv",
                List.of("x", "weight", "bias"),
                List.of("conv"),
                ints("pads", 1, 0, 0, 1),
                ints("strides", stride, stride),
                ints("dilations", dilation, dilation),
                ints("output_padding", more, 0),
                number("group", groups))
            .output("conv", -1, 3L * groups, -1, -1);
    GradientCheck.assertGradients(model, "shift", "weight", "bias");
  }

  @ParameterizedTest
  @CsvSource({"17, 0, 0", "17, 0, 1", "17, 1, 0", "17, 1, 1", "9, 1, 0", "11, 0, 1"})
  void generalProductsWithFactors(long opset, int transposeA, int transposeB) {
    ModelBuilder model =
        shifted(opset, 1, 2, 3)
            .initializer(Indices.of("size", -1, 3))
            .node("Reshape", "rows", List.of("x", "size"), List.of("rows"));
    // A transposed factor has its rows in its columns.
    String left = "rows";
    if (transposeA == 1) {
      model.node("Transpose", "turned", List.of("rows"), List.of("turned"), ints("perm", 1, 0));
      left = "turned";
    }
    model
        .weights("b", transposeB == 1 ? 5 : 3, transposeB == 1 ? 3 : 5)
        .weights("c", 5)
        .node(
            "Gemm",
            "gemm",
            List.of(left, "b", "c"),
            List.of("gemm"),
            number("transA", transposeA),
            number("transB", transposeB),
            real("alpha", 0.7f),
            real("beta", 1.3f))
        .output("gemm", -1, 5);
    GradientCheck.assertGradients(model, "shift", "b", "c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3 5", "2 3 5", "1 3 5", "1 2 3 5", "1 1 3 5"})
  void matrixProductsOfStacks(String dims) {
    ModelBuilder model =
        shifted(17, 2, 4, 3)
            .weights("b", longs(dims))
            .node("MatMul", "product", List.of("x", "b"), List.of("product"))
            .output("product", -1, 2, 4, 5);
    GradientCheck.assertGradients(model, "shift", "b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5 4", "2 5 4", "1 5 4", "1 1 5 4"})
  void matrixProductsWithWeightsOnTheLeft(String dims) {
    ModelBuilder model =
        shifted(17, 2, 4, 3)
            .weights("a", longs(dims))
            .node("MatMul", "product", List.of("a", "x"), List.of("product"))
            .output("product", -1, 2, 5, 3);
    GradientCheck.assertGradients(model, "shift", "a");
  }

  @Test
  void matrixProductsOfMatrices() {
    ModelBuilder model =
        shifted(17, 1, 2, 3)
            .flatten("flat", "x")
            .weights("b", 6, 4)
            .node("MatMul", "product", List.of("flat", "b"), List.of("product"))
            .output("product", -1, 4);
    GradientCheck.assertGradients(model, "shift", "b");
  }
}
