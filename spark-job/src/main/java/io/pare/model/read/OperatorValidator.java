package io.pare.model.read;

import io.pare.model.OnnxNetwork;
import io.pare.model.proto.Onnx;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks the operators whose attributes and weights Pare relies on: convolutions, pooling, Gemm,
 * MatMul and BatchNormalization of the default domain (ONNX operator specification). All others are
 * left alone, as are weights that are not constant. One instance checks one model; not thread-safe.
 */
final class OperatorValidator {
  private static final Set<String> POOLS = Set.of("MaxPool", "AveragePool", "LpPool");

  /** Operators that make something of nothing. */
  private static final Set<String> WITHOUT_INPUTS =
      Set.of(
          "Constant", "RandomNormal", "RandomUniform", "SequenceEmpty", "Optional", "Loop", "Scan");

  private static final Set<String> OF_TWO_INPUTS =
      Set.of(
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Pow",
          "PRelu",
          "Mod",
          "Gather",
          "Expand",
          "Tile",
          "Equal",
          "Less",
          "Greater",
          "And",
          "Or",
          "Xor",
          "Where",
          "MatMul",
          "Gemm",
          "Conv",
          "ConvTranspose",
          "ConvInteger",
          "MatMulInteger");

  private static final Set<String> KEEP_CHANNELS =
      Set.of(
          "Relu",
          "LeakyRelu",
          "Clip",
          "Sigmoid",
          "Dropout",
          "LRN",
          "BatchNormalization",
          "MaxPool",
          "AveragePool",
          "GlobalAveragePool",
          "GlobalMaxPool");

  private final WeightValidator weights = new WeightValidator();

  /** Checks a node whose inputs are all defined. */
  void check(Place place, Onnx.NodeProto node, Scope scope) {
    if (!OnnxNetwork.isStandard(node)) {
      return;
    }
    Attributes attributes = new Attributes(place, node);
    String operator = node.getOpType();
    int least = WITHOUT_INPUTS.contains(operator) ? 0 : OF_TWO_INPUTS.contains(operator) ? 2 : 1;
    requireInputs(attributes, least);
    if (node.getOutputCount() == 0 || node.getOutput(0).isEmpty()) {
      throw place.defect("has no first output; it needs one");
    }
    if (operator.equals("Conv") || operator.equals("ConvTranspose")) {
      checkConvolution(attributes, scope);
    } else if (POOLS.contains(operator)) {
      checkPool(attributes);
    } else if (operator.equals("Gemm") || operator.equals("MatMul")) {
      checkProduct(attributes, scope);
    } else if (operator.equals("BatchNormalization")) {
      checkNormalization(attributes, scope);
    }
  }

  /** Remembers what a checked node tells of its first output. */
  static void learn(Onnx.NodeProto node, Scope scope) {
    if (!OnnxNetwork.isStandard(node)
        || node.getOutputCount() == 0
        || node.getOutput(0).isEmpty()) {
      return;
    }
    String output = node.getOutput(0);
    String operator = node.getOpType();
    if (operator.equals("Constant")) {
      node.getAttributeList().stream()
          .filter(attribute -> attribute.getName().equals("value") && attribute.hasT())
          .forEach(attribute -> scope.tensor(output, attribute.getT()));
    } else if (operator.equals("Conv")) {
      scope.tensor(node.getInput(1)).ifPresent(w -> scope.channels(output, w.getDims(0)));
    } else if (KEEP_CHANNELS.contains(operator) && node.getInputCount() > 0) {
      scope.channels(node.getInput(0)).ifPresent(count -> scope.channels(output, count));
    }
  }

  private void checkConvolution(Attributes node, Scope scope) {
    requireInputs(node, 2);
    Optional<Onnx.TensorProto> weight = weights.check(node, scope, 1, 3);
    long group = node.integer("group", 1);
    if (group < 1) {
      throw node.place().defect("has group " + group + "; it must be at least 1");
    }
    if (weight.isEmpty()) {
      Windows.check(node, node.integers("kernel_shape"));
      return;
    }
    List<Long> dims = weight.get().getDimsList();
    List<Long> kernel = dims.subList(2, dims.size());
    if (node.has("kernel_shape") && !node.integers("kernel_shape").equals(kernel)) {
      throw node.place()
          .defect(
              "has kernel_shape "
                  + node.integers("kernel_shape")
                  + ", but its weights are "
                  + dims
                  + ": export the network again");
    }
    Windows.check(node, kernel);
    // Conv: filters x channels of a group; ConvTranspose: channels x filters of a group.
    boolean transposed = node.node().getOpType().equals("ConvTranspose");
    if (dims.get(0) % group != 0) {
      throw node.place()
          .defect("has group " + group + ", which does not divide dimension 0 of weights " + dims);
    }
    requireChannels(node, scope, transposed ? dims.get(0) : group * dims.get(1), dims);
    long filters = transposed ? group * dims.get(1) : dims.get(0);
    weights.checkVector(node, scope, 2, filters);
  }

  private static void requireChannels(Attributes node, Scope scope, long wanted, List<Long> dims) {
    scope
        .channels(node.node().getInput(0))
        .ifPresent(
            given -> {
              if (given != wanted) {
                throw node.place()
                    .defect(
                        "takes "
                            + wanted
                            + " channels (weights "
                            + dims
                            + ", group "
                            + node.integer("group", 1)
                            + "), but its input "
                            + Place.quote(node.node().getInput(0))
                            + " has "
                            + given);
              }
            });
  }

  private static void checkPool(Attributes node) {
    requireInputs(node, 1);
    List<Long> kernel = node.integers("kernel_shape");
    if (kernel.isEmpty()) {
      throw node.place().defect("has no kernel_shape");
    }
    Windows.check(node, kernel);
  }

  private void checkProduct(Attributes node, Scope scope) {
    requireInputs(node, 2);
    int rank = node.node().getOpType().equals("Gemm") ? 2 : 1;
    for (int i = 0; i < Math.min(3, node.node().getInputCount()); i++) {
      // Gemm's third input is its bias, of any shape that broadcasts.
      weights.check(node, scope, i, i == 2 ? 0 : rank);
    }
  }

  private void checkNormalization(Attributes node, Scope scope) {
    requireInputs(node, 5);
    Optional<Onnx.TensorProto> scale = weights.check(node, scope, 1, 1);
    if (scale.isEmpty()) {
      return;
    }
    long channels = scope.channels(node.node().getInput(0)).orElse(scale.get().getDims(0));
    for (int i = 1; i < 5; i++) {
      weights.checkVector(node, scope, i, channels);
    }
    weights.checkVariance(node, scope, 4, node.real("epsilon", 1e-5f));
  }

  private static void requireInputs(Attributes node, int least) {
    int given = node.node().getInputCount();
    if (given < least) {
      throw node.place().defect("has " + given + " inputs; it needs at least " + least);
    }
  }
}
