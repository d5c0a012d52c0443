package io.pare.model.gradient;

import static io.pare.model.gradient.Activations.times;

import io.pare.model.OnnxNetwork;
import io.pare.model.proto.Onnx;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every operator that a gradient passes, and those whose derivative is zero. Stateless. */
final class OperatorGradients {
  /** Steps: what comes out does not change with what goes in. */
  private static final Set<String> FLAT =
      Set.of("Floor", "Ceil", "Round", "Sign", "ConstantOfShape", "RandomNormalLike");

  private static final Map<String, OperatorGradient> TABLE = table();

  private OperatorGradients() {}

  /** How the gradient passes a node; empty where it cannot. */
  static Optional<OperatorGradient> of(Onnx.NodeProto node) {
    return OnnxNetwork.isStandard(node)
        ? Optional.ofNullable(TABLE.get(node.getOpType()))
        : Optional.empty();
  }

  /** Whether the gradient of a node's inputs is zero whatever that of its outputs. */
  static boolean isFlat(Onnx.NodeProto node) {
    return OnnxNetwork.isStandard(node) && FLAT.contains(node.getOpType());
  }

  private static OperatorGradient of(OperatorGradient gradient) {
    return gradient;
  }

  private static Map<String, OperatorGradient> table() {
    Map<String, OperatorGradient> table = new HashMap<>();
    layers(table);
    activations(table);
    arithmetic(table);
    shapes(table);
    return Map.copyOf(table);
  }

  private static void layers(Map<String, OperatorGradient> table) {
    table.put("Conv", of(Convolutions::convolution).where(Convolutions::isMeasured));
    table.put("ConvTranspose", of(Convolutions::transposed).where(Convolutions::hasExplicitPads));
    table.put("Gemm", Products::gemm);
    table.put("MatMul", of(Products::matMul).where(Products::areMatrices));
    table.put("MaxPool", of(Pools::maximum).where(Pools::maximaKnown));
    table.put("AveragePool", of(Pools::average).where(Pools::averagesKnown));
    table.put("GlobalAveragePool", Reductions::mean);
    table.put("GlobalMaxPool", Reductions::extreme);
    table.put("BatchNormalization", of(Normalizations::batch).where(Normalizations::isInference));
    table.put("LRN", of(Normalizations::localResponse).where(Normalizations::hasMaps));
    table.put("Softmax", Normalizations::softmax);
    table.put("LogSoftmax", Normalizations::logSoftmax);
    table.put("Resize", of(Resizing::resize).where(Resizing::isSeparable));
    table.put("Upsample", of(Resizing::resize).where(Resizing::isSeparable));
  }

  private static void activations(Map<String, OperatorGradient> table) {
    table.put("Relu", Activations::relu);
    table.put("ThresholdedRelu", Activations::thresholdedRelu);
    table.put("LeakyRelu", Activations::leakyRelu);
    table.put("PRelu", Activations::parametricRelu);
    table.put("Clip", Activations::clip);
    table.put("Elu", times(Activations::elu));
    table.put("Selu", times(Activations::selu));
    table.put("Celu", times(Activations::celu));
    table.put("Sigmoid", times(Activations::sigmoid));
    table.put("HardSigmoid", times(Activations::hardSigmoid));
    table.put("HardSwish", times(Activations::hardSwish));
    table.put("Tanh", times(Activations::tanh));
    table.put("Mish", times(Functions::mish));
    table.put("Gelu", times(Functions::gelu));
    table.put("Softplus", times(Functions::softplus));
    table.put("Softsign", times(Functions::softsign));
    table.put("Erf", times(Functions::erf));
    table.put("Exp", times(Functions::exp));
    table.put("Log", times(Functions::log));
    table.put("Sqrt", times(Functions::sqrt));
    table.put("Abs", times(Functions::abs));
    table.put("Reciprocal", times(Functions::reciprocal));
    table.put("Neg", Activations::negate);
    table.put("Pow", of(Functions::pow).where(Functions::hasConstantExponent));
  }

  private static void arithmetic(Map<String, OperatorGradient> table) {
    table.put("Add", Arithmetic::sum);
    table.put("Sum", Arithmetic::sum);
    table.put("Mean", Arithmetic::mean);
    table.put("Sub", Arithmetic::subtract);
    table.put("Mul", Arithmetic::multiply);
    table.put("Div", Arithmetic::divide);
    table.put("Min", Arithmetic::extreme);
    table.put("Max", Arithmetic::extreme);
    table.put("Where", Arithmetic::where);
    table.put("ReduceSum", of(Reductions::sum).where(Reductions::hasConstantAxes));
    table.put("ReduceMean", of(Reductions::mean).where(Reductions::hasConstantAxes));
    table.put("ReduceMax", of(Reductions::extreme).where(Reductions::hasConstantAxes));
    table.put("ReduceMin", of(Reductions::extreme).where(Reductions::hasConstantAxes));
    table.put("ReduceL2", of(Reductions::euclideanNorm).where(Reductions::hasConstantAxes));
    table.put("ReduceSumSquare", of(Reductions::sumOfSquares).where(Reductions::hasConstantAxes));
    table.put("Expand", Reductions::repeat);
  }

  private static void shapes(Map<String, OperatorGradient> table) {
    table.put("Identity", Activations::pass);
    table.put("Dropout", Activations::pass);
    table.put("Cast", Activations::cast);
    table.put("Reshape", Rearrangements::reshape);
    table.put("Flatten", Rearrangements::reshape);
    table.put("Squeeze", Rearrangements::reshape);
    table.put("Unsqueeze", Rearrangements::reshape);
    table.put("Transpose", Rearrangements::transpose);
    table.put("Concat", of(Rearrangements::concat).where(Rearrangements::hasFixedAxis));
    table.put("Split", of(Rearrangements::split).where(Rearrangements::hasFixedAxis));
    table.put("Slice", of(Rearrangements::slice).where(Rearrangements::slicesKnown));
    table.put("Gather", of(Rearrangements::gather).where(Rearrangements::gathersKnown));
    table.put("Pad", of(Rearrangements::pad).where(Rearrangements::padsKnown));
  }
}
