package io.pare.model.quantization;

import io.pare.InputException;
import io.pare.model.GraphNames;
import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import io.pare.model.proto.Onnx.TensorProto.DataType;
import io.pare.model.rewrite.GraphEdit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A network of an older operator set in set 13, the first that decodes each channel by a scale of
 * its own. It computes what it did: nodes whose attributes became inputs, or that mean something
 * else there, are written anew (ONNX, Changelog, sets 10 to 13). Used once.
 */
final class RaisedOperatorSet {
  static final int SET = 13;

  private static final int LEAST_IR_VERSION = 7;
  private static final float LARGEST = 3.4028235e38f;

  private static final Set<String> CHANGED =
      Set.of(
          "Clip",
          "Dropout",
          "Hardmax",
          "LogSoftmax",
          "Pad",
          "ReduceSum",
          "Resize",
          "Scatter",
          "Slice",
          "Softmax",
          "Split",
          "Squeeze",
          "TopK",
          "Unsqueeze",
          "Upsample");

  private final OnnxNetwork network;
  private final long set;
  private final GraphEdit edit;

  private RaisedOperatorSet(OnnxNetwork network) {
    this.network = network;
    set = network.opset();
    edit = new GraphEdit(network);
  }

  /**
   * The network in set 13; the same object where its set is that or a newer one.
   *
   * @throws InputException for a network that cannot be raised, with what to do
   */
  static OnnxNetwork of(OnnxNetwork network) {
    return network.opset() >= SET ? network : new RaisedOperatorSet(network).raised();
  }

  private OnnxNetwork raised() {
    for (Onnx.NodeProto node : network.nodes()) {
      if (GraphNames.bodies(node).stream().anyMatch(RaisedOperatorSet::hasChanged)) {
        throw refused(node, "holds nodes that mean something else there");
      }
      if (OnnxNetwork.isStandard(node) && CHANGED.contains(node.getOpType())) {
        List<Onnx.NodeProto> by = written(node);
        if (!by.equals(List.of(node))) {
          edit.replace(node, by);
        }
      }
    }
    Onnx.ModelProto.Builder model = edit.apply(Map.of()).model().toBuilder();
    model
        .getOpsetImportBuilderList()
        .forEach(
            each -> {
              if (each.getDomain().isEmpty() || each.getDomain().equals("ai.onnx")) {
                each.setVersion(SET);
              }
            });
    model.setIrVersion(Math.max(model.getIrVersion(), LEAST_IR_VERSION));
    return OnnxNetwork.of(model.build());
  }

  private static boolean hasChanged(Onnx.GraphProto body) {
    return body.getNodeList().stream()
        .anyMatch(
            node ->
                CHANGED.contains(node.getOpType())
                    || GraphNames.bodies(node).stream().anyMatch(RaisedOperatorSet::hasChanged));
  }

  private List<Onnx.NodeProto> written(Onnx.NodeProto node) {
    return switch (node.getOpType()) {
      case "Clip" -> set < 11 ? List.of(clip(node)) : List.of(node);
      case "Dropout" -> List.of(dropout(node));
      case "Pad" -> set < 11 ? List.of(pad(node)) : List.of(node);
      case "ReduceSum", "Squeeze", "Unsqueeze" -> List.of(withIndices(node, "axes"));
      case "Split" -> List.of(withIndices(node, "split"));
      case "Slice" -> set < 10 ? List.of(slice(node)) : List.of(node);
      case "TopK" -> set < 10 ? List.of(topK(node)) : List.of(node);
      case "Scatter" -> List.of(node.toBuilder().setOpType("ScatterElements").build());
      case "Upsample", "Resize" -> set < 11 ? List.of(resize(node)) : List.of(node);
      default -> overOneAxis(node);
    };
  }

  private Onnx.NodeProto clip(Onnx.NodeProto node) {
    float least = NodeAttributes.real(node, "min", -LARGEST);
    float most = NodeAttributes.real(node, "max", LARGEST);
    return without(node, "min", "max")
        .addInput(scalar(node, "min", least))
        .addInput(scalar(node, "max", most))
        .build();
  }

  /** What is trained with is nothing here. */
  private Onnx.NodeProto dropout(Onnx.NodeProto node) {
    Stream<String> others = node.getOutputList().stream().skip(1);
    if (others.anyMatch(mask -> !network.consumers(mask).isEmpty() || network.isOutput(mask))) {
      throw refused(node, "has a mask that is read");
    }
    return Onnx.NodeProto.newBuilder()
        .setOpType("Identity")
        .setName(node.getName())
        .addInput(node.getInput(0))
        .addOutput(node.getOutput(0))
        .build();
  }

  private Onnx.NodeProto pad(Onnx.NodeProto node) {
    float value = NodeAttributes.real(node, "value", 0);
    return withIndices(node, "pads").toBuilder()
        .clearAttribute()
        .addAllAttribute(without(node, "pads", "value").getAttributeList())
        .addInput(scalar(node, "value", value))
        .build();
  }

  private Onnx.NodeProto slice(Onnx.NodeProto node) {
    Onnx.NodeProto.Builder changed = without(node, "starts", "ends", "axes");
    for (String name : List.of("starts", "ends", "axes")) {
      NodeAttributes.find(node, name)
          .ifPresent(numbers -> changed.addInput(indices(node, name, numbers)));
    }
    return changed.build();
  }

  private Onnx.NodeProto topK(Onnx.NodeProto node) {
    String count =
        edit.constant(
            node.getOutput(0) + "_k",
            Tensors.of("k", new long[] {NodeAttributes.number(node, "k", 0)}));
    return without(node, "k").addInput(count).build();
  }

  /** The places of both were scaled from the corner, and the nearest is that below. */
  private Onnx.NodeProto resize(Onnx.NodeProto node) {
    return node.toBuilder()
        .setOpType("Resize")
        .clearInput()
        .addInput(node.getInput(0))
        .addInput(
            edit.constant(node.getOutput(0) + "_roi", DataType.FLOAT, new long[] {0}, new float[0]))
        .addInput(node.getInput(1))
        .addAttribute(NodeAttributes.text("coordinate_transformation_mode", "asymmetric"))
        .addAttribute(NodeAttributes.text("nearest_mode", "floor"))
        .build();
  }

  /** The axes from the one that is named on were one, and are made one for the function. */
  private List<Onnx.NodeProto> overOneAxis(Onnx.NodeProto node) {
    String output = node.getOutput(0);
    String flat = edit.fresh(output + "_flat");
    String scores = edit.fresh(output + "_scores");
    String shape = edit.fresh(output + "_shape");
    return List.of(
        node("Flatten", flat, node.getInput(0))
            .addAttribute(NodeAttributes.number("axis", NodeAttributes.number(node, "axis", 1)))
            .build(),
        node(node.getOpType(), scores, flat)
            .setName(node.getName())
            .addAttribute(NodeAttributes.number("axis", 1))
            .build(),
        node("Shape", shape, node.getInput(0)).build(),
        node("Reshape", output, scores, shape).build());
  }

  private static Onnx.NodeProto.Builder node(String operator, String output, String... inputs) {
    return Onnx.NodeProto.newBuilder()
        .setOpType(operator)
        .addAllInput(Arrays.asList(inputs))
        .addOutput(output);
  }

  /** A node with an attribute of indices as its second input, if it has that attribute. */
  private Onnx.NodeProto withIndices(Onnx.NodeProto node, String attribute) {
    Optional<Onnx.AttributeProto> numbers = NodeAttributes.find(node, attribute);
    return numbers
        .map(its -> without(node, attribute).addInput(indices(node, attribute, its)).build())
        .orElse(node);
  }

  private String indices(Onnx.NodeProto node, String name, Onnx.AttributeProto numbers) {
    long[] values = numbers.getIntsList().stream().mapToLong(value -> value).toArray();
    return edit.constant(node.getOutput(0) + "_" + name, Tensors.of(name, values));
  }

  private String scalar(Onnx.NodeProto node, String name, float value) {
    return edit.constant(
        node.getOutput(0) + "_" + name, DataType.FLOAT, new long[0], new float[] {value});
  }

  private static Onnx.NodeProto.Builder without(Onnx.NodeProto node, String... attributes) {
    List<String> left = List.of(attributes);
    List<Onnx.AttributeProto> kept = new ArrayList<>(node.getAttributeList());
    kept.removeIf(attribute -> left.contains(attribute.getName()));
    return node.toBuilder().clearAttribute().addAllAttribute(kept);
  }

  private InputException refused(Onnx.NodeProto node, String why) {
    return InputException.data(
        "precision = int8 and int4 need operator set %d, the first with a scale for each channel; the network has %d, and its node %s (%s) %s: convert it with onnx.version_converter, or take precision = fp16"
            .formatted(SET, set, node.getName(), node.getOpType(), why));
  }
}
