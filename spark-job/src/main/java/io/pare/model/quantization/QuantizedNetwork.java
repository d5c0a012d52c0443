package io.pare.model.quantization;

import io.pare.algorithm.quantization.AffineCode;
import io.pare.algorithm.quantization.ChannelCodes;
import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import io.pare.model.proto.Onnx.TensorProto.DataType;
import io.pare.model.rewrite.GraphEdit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a network whose tensors are coded in eight bits: QuantizeLinear and DequantizeLinear
 * around what ONNX Runtime then computes on whole numbers, weights from -127 to 127 by output
 * channel, where that is asked for no more than sixteen different ones in four bits, biases in 32
 * bits. The same network and codes give the same bytes.
 */
public final class QuantizedNetwork {
  // Short, and none for nodes: in a small network names take more bytes than weights.
  private static final String CODES = "q";
  private static final String DECODED = "d";
  private static final String SCALE = "s";
  private static final String ZERO = "z";
  private static final String CONSTANT = "c";

  private final CodedTensors coded;
  private final Map<String, AffineCode> codes;
  private final Set<String> narrow;
  private final WeightCodes weightCodes;
  private final GraphEdit edit;
  private final PackedCodes packed;
  private final Map<String, String> decoded = new HashMap<>();
  private final Set<String> written = new HashSet<>();
  private final Map<Integer, String> zeros = new HashMap<>();
  private int constants;

  private QuantizedNetwork(
      CodedTensors coded,
      Map<String, AffineCode> codes,
      Set<String> narrow,
      WeightCodes weightCodes) {
    this.coded = coded;
    this.codes = codes;
    this.narrow = narrow;
    this.weightCodes = weightCodes;
    edit = new GraphEdit(coded.network());
    packed = new PackedCodes(edit);
  }

  /**
   * Writes the network.
   *
   * @param codes of all coded tensors
   * @param narrow layers whose weights take four bits, by their outputs: some of {@link
   *     CodedTensors#narrowable}
   * @param weightCodes of the same network; keeps what is found
   */
  public static OnnxNetwork of(
      CodedTensors coded,
      Map<String, AffineCode> codes,
      Set<String> narrow,
      WeightCodes weightCodes) {
    return new QuantizedNetwork(coded, codes, narrow, weightCodes).written();
  }

  private OnnxNetwork written() {
    OnnxNetwork network = coded.network();
    coded.tensors().forEach(tensor -> decoded.put(tensor, edit.fresh(DECODED + decoded.size())));
    for (Onnx.NodeProto node : network.nodes()) {
      List<Onnx.NodeProto> nodes = new ArrayList<>();
      node.getInputList().stream()
          .filter(tensor -> network.producer(tensor).isEmpty())
          .forEach(tensor -> nodes.addAll(codedOnce(tensor, tensor)));
      Onnx.NodeProto.Builder changed = node.toBuilder();
      for (int i = 0; i < node.getInputCount(); i++) {
        changed.setInput(i, decoded.getOrDefault(node.getInput(i), node.getInput(i)));
      }
      if (coded.weighted().containsKey(node.getOutput(0))) {
        nodes.addAll(weights(node, changed));
      }
      int own = nodes.size();
      for (int i = 0; i < node.getOutputCount(); i++) {
        String output = node.getOutput(i);
        if (network.isOutput(output) && decoded.containsKey(output)) {
          // The name that callers know is that of the decoded tensor.
          changed.setOutput(i, decoded.get(output));
          decoded.put(output, output);
        }
        nodes.addAll(codedOnce(output, changed.getOutput(i)));
      }
      nodes.add(own, changed.build());
      if (!nodes.equals(List.of(node))) {
        edit.replace(node, nodes);
      }
    }
    return edit.apply(Map.of());
  }

  /** The nodes that code a tensor, the first time that it is met. */
  private List<Onnx.NodeProto> codedOnce(String tensor, String as) {
    if (!codes.containsKey(tensor) || !written.add(tensor)) {
      return List.of();
    }
    AffineCode code = codes.get(tensor);
    int place = written.size();
    String scale =
        edit.constant(SCALE + place, DataType.FLOAT, new long[0], new float[] {code.scale()});
    String zero =
        edit.constant(
            ZERO + place,
            Tensors.ofBytes(DataType.UINT8, new long[0], new byte[] {(byte) code.zeroPoint()}));
    String codeName = edit.fresh(CODES + place);
    return List.of(
        node("QuantizeLinear", codeName, as, scale, zero).build(),
        node("DequantizeLinear", decoded.get(tensor), codeName, scale, zero).build());
  }

  /** The nodes that decode a node's weights and bias, which it then reads. */
  private List<Onnx.NodeProto> weights(Onnx.NodeProto node, Onnx.NodeProto.Builder changed) {
    OnnxNetwork network = coded.network();
    Onnx.TensorProto tensor = Role.weights(network, node).orElseThrow();
    float inputScale = codes.get(node.getInput(0)).scale();
    boolean inFourBits = narrow.contains(node.getOutput(0));
    WeightCodes.LayerCodes layer = weightCodes.of(node, inFourBits, inputScale);
    ChannelCodes weights = layer.weights();
    List<Onnx.NodeProto> nodes = new ArrayList<>();
    String codesOfWeights;
    if (inFourBits) {
      nodes.addAll(packed.nodes(Tensors.dims(tensor), weights.codes()));
      codesOfWeights = nodes.get(nodes.size() - 1).getOutput(0);
    } else {
      codesOfWeights = code(Tensors.ofBytes(DataType.INT8, Tensors.dims(tensor), weights.codes()));
    }
    Onnx.NodeProto decoding = decoding(codesOfWeights, weights.scales(), Role.channelAxis(node));
    nodes.add(
        Role.isProduct(node)
            ? decoding.toBuilder().addInput(zeros(weights.scales().length)).build()
            : decoding);
    changed.setInput(1, nodes.get(nodes.size() - 1).getOutput(0));
    if (layer.bias().isPresent()) {
      int channels = weights.scales().length;
      float[] scales = new float[channels];
      for (int channel = 0; channel < channels; channel++) {
        scales[channel] = inputScale * weights.scales()[channel];
      }
      ByteBuffer raw = ByteBuffer.allocate(Integer.BYTES * channels);
      raw.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(layer.bias().get());
      Onnx.TensorProto codesOfBias =
          Tensors.ofBytes(DataType.INT32, new long[] {channels}, raw.array());
      nodes.add(decoding(code(codesOfBias), scales, 0));
      changed.setInput(2, nodes.get(nodes.size() - 1).getOutput(0));
    }
    return nodes;
  }

  private String code(Onnx.TensorProto values) {
    return edit.constant(CONSTANT + CODES + constants, values);
  }

  /** The node that decodes constant codes. */
  private Onnx.NodeProto decoding(String codeName, float[] channelScales, int axis) {
    int place = constants++;
    String scale =
        edit.constant(
            CONSTANT + SCALE + place,
            DataType.FLOAT,
            new long[] {channelScales.length},
            channelScales);
    return node("DequantizeLinear", edit.fresh(CONSTANT + DECODED + place), codeName, scale)
        .addAttribute(NodeAttributes.number("axis", axis))
        .build();
  }

  /**
   * Zero points of weights, which are zero anyway. ONNX Runtime computes a product on whole numbers
   * only where they are written; else it decodes all weights in every run.
   */
  private String zeros(int channels) {
    return zeros.computeIfAbsent(
        channels,
        count ->
            edit.constant(
                CONSTANT + ZERO + count,
                Tensors.ofBytes(DataType.INT8, new long[] {count}, new byte[count])));
  }

  private Onnx.NodeProto.Builder node(String operator, String output, String... inputs) {
    return Onnx.NodeProto.newBuilder()
        .setOpType(operator)
        .addAllInput(List.of(inputs))
        .addOutput(output);
  }
}
