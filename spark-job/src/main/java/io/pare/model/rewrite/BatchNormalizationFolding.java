package io.pare.model.rewrite;

import io.pare.model.LayerNodes;
import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Folds what scales and shifts the channels behind a convolution, transposed or not, or Gemm into
 * its weights and bias: a compressed layer is then fitted to what its activation really reads. A
 * layer whose weights or output are read elsewhere stays as it is. Stateless.
 */
public final class BatchNormalizationFolding {
  private static final float GREATEST_HALF = 65504;

  private BatchNormalizationFolding() {}

  /** The network with every inference-time normalisation folded into the layer before it. */
  public static OnnxNetwork fold(OnnxNetwork network) {
    GraphEdit edit = new GraphEdit(network);
    for (Onnx.NodeProto node : network.nodes()) {
      if (isFoldable(network, node)) {
        fold(edit, node);
      }
    }
    return edit.apply(Map.of());
  }

  private static boolean isFoldable(OnnxNetwork network, Onnx.NodeProto node) {
    boolean convolution = LayerNodes.isConvolution(node);
    boolean gemm =
        OnnxNetwork.isStandard(node, "Gemm")
            && NodeAttributes.real(node, "alpha", 1) == 1
            && NodeAttributes.real(node, "beta", 1) == 1;
    if (!convolution && !gemm) {
      return false;
    }
    Optional<Onnx.TensorProto> weight = network.constant(node.getInput(1));
    if (weight.isEmpty()
        || !Tensors.isFloatOrHalf(weight.get())
        || (convolution ? weight.get().getDimsCount() < 3 : weight.get().getDimsCount() != 2)
        || network.consumers(node.getInput(1)).size() > 1) {
      return false;
    }
    boolean biased = node.getInputCount() > 2 && !node.getInput(2).isEmpty();
    int channels = channels(node, weight.get());
    return !biased
        || network
            .constant(node.getInput(2))
            .filter(Tensors::isFloat)
            .filter(bias -> Tensors.elements(bias) == channels)
            .isPresent();
  }

  private static int channels(Onnx.NodeProto node, Onnx.TensorProto weight) {
    if (OnnxNetwork.isStandard(node, "ConvTranspose")) {
      return Math.toIntExact(weight.getDims(1) * NodeAttributes.number(node, "group", 1));
    }
    return Math.toIntExact(weight.getDims(isTransposed(node) ? 1 : 0));
  }

  private static boolean isTransposed(Onnx.NodeProto node) {
    return new LayerNodes(node, Optional.empty()).isTransposed();
  }

  private static void fold(GraphEdit edit, Onnx.NodeProto node) {
    OnnxNetwork network = edit.network();
    Onnx.TensorProto weight = network.constant(node.getInput(1)).orElseThrow();
    int channels = channels(node, weight);
    List<Onnx.NodeProto> folded = new ArrayList<>();
    Optional<ChannelAffine> sum = Optional.empty();
    String output = node.getOutput(0);
    while (true) {
      Optional<Onnx.NodeProto> next = network.soleConsumer(output);
      if (next.isEmpty()) {
        break;
      }
      Optional<ChannelAffine> affine =
          ChannelAffine.of(network, next.get(), output, weight.getDimsCount(), channels);
      if (affine.isEmpty()) {
        break;
      }
      ChannelAffine step = affine.get();
      sum = Optional.of(sum.map(before -> before.then(step)).orElse(step));
      folded.add(next.get());
      output = next.get().getOutput(0);
    }
    if (sum.isPresent()) {
      write(edit, node, folded, sum.get());
    }
  }

  private static void write(
      GraphEdit edit, Onnx.NodeProto node, List<Onnx.NodeProto> folded, ChannelAffine affine) {
    OnnxNetwork network = edit.network();
    Onnx.TensorProto weight = network.constant(node.getInput(1)).orElseThrow();
    Onnx.TensorProto.DataType type = Onnx.TensorProto.DataType.forNumber(weight.getDataType());
    int channels = affine.scale().length;
    float[] values = Tensors.floats(weight);
    IntUnaryOperator channel = channel(node, weight);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] * affine.scale()[channel.applyAsInt(i)]);
    }
    float[] before =
        node.getInputCount() > 2 && !node.getInput(2).isEmpty()
            ? Tensors.floats(network.constant(node.getInput(2)).orElseThrow())
            : new float[channels];
    float[] bias = new float[channels];
    for (int i = 0; i < channels; i++) {
      bias[i] = (float) (affine.scale()[i] * before[i] + affine.shift()[i]);
    }
    if (!fits(type, values) || !fits(type, bias)) {
      return;
    }
    Onnx.NodeProto last = folded.get(folded.size() - 1);
    Onnx.NodeProto merged =
        node.toBuilder()
            .clearInput()
            .addInput(node.getInput(0))
            .addInput(
                edit.constant(node.getInput(1) + "_folded", type, Tensors.dims(weight), values))
            .addInput(
                edit.constant(node.getInput(1) + "_folded_bias", type, new long[] {channels}, bias))
            .setOutput(0, last.getOutput(0))
            .build();
    edit.replace(node, List.of(merged));
    folded.forEach(gone -> edit.replace(gone, List.of()));
  }

  /** The channel of the output that a weight belongs to, by the place of the weight. */
  private static IntUnaryOperator channel(Onnx.NodeProto node, Onnx.TensorProto weight) {
    int channels = channels(node, weight);
    int count = Math.toIntExact(Tensors.elements(weight));
    if (OnnxNetwork.isStandard(node, "ConvTranspose")) {
      int groups = Math.toIntExact(NodeAttributes.number(node, "group", 1));
      int filters = channels / groups;
      int block = count / groups;
      int taps = block * groups / Math.toIntExact(weight.getDims(0)) / filters;
      return i -> i / block * filters + i / taps % filters;
    }
    int size = count / channels;
    return isTransposed(node) ? i -> i % channels : i -> i / size;
  }

  /** Whether the weights can still be written in their type. */
  private static boolean fits(Onnx.TensorProto.DataType type, float[] values) {
    float limit = type == Onnx.TensorProto.DataType.FLOAT16 ? GREATEST_HALF : Float.MAX_VALUE;
    return IntStream.range(0, values.length).allMatch(i -> Math.abs(values[i]) <= limit);
  }
}
