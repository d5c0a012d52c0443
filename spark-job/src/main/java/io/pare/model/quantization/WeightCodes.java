package io.pare.model.quantization;

import io.pare.algorithm.quantization.ChannelCodes;
import io.pare.algorithm.quantization.ChannelCodes.Weights;
import io.pare.algorithm.quantization.ValueHistogram;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The codes of the weights and biases of a network's layers. Each is found once, however many
 * networks a search writes with it. Not thread-safe.
 */
public final class WeightCodes {
  private final OnnxNetwork network;
  private final Map<String, Integer> axes;
  private final Map<String, ValueHistogram> counted;
  private final Map<Key, LayerCodes> found = new HashMap<>();

  private record Key(String layer, boolean narrow, float inputScale) {}

  /**
   * What a layer computes with.
   *
   * @param bias in codes of the input's scale times the channel's; empty where the layer has none
   */
  @SuppressWarnings("ArrayRecordComponent")
  record LayerCodes(ChannelCodes weights, Optional<int[]> bias) {}

  /**
   * Codes of the network that the tensors belong to; none is found yet.
   *
   * @param counted values of the tensors; what is not there is taken to be zero in the mean
   */
  public WeightCodes(CodedTensors coded, Map<String, ValueHistogram> counted) {
    network = coded.network();
    axes = coded.channelAxes();
    this.counted = counted;
  }

  /**
   * The codes of a node's weights and bias.
   *
   * @param narrow whether four bits hold those of the weights
   * @param inputScale distance of two codes of its input
   */
  LayerCodes of(Onnx.NodeProto node, boolean narrow, float inputScale) {
    return found.computeIfAbsent(
        new Key(node.getOutput(0), narrow, inputScale), key -> coded(node, narrow, inputScale));
  }

  private LayerCodes coded(Onnx.NodeProto node, boolean narrow, float inputScale) {
    int channels = Role.channels(network, node);
    Onnx.TensorProto tensor = Role.weights(network, node).orElseThrow();
    float[] values = Tensors.floats(tensor);
    Weights weights =
        Role.channelAxis(node) == 0
            ? Weights.rows(values, channels)
            : Weights.columns(values, channels);
    Optional<float[]> bias = Role.bias(network, node).map(Tensors::floats);
    float[] held = bias.orElseGet(() -> new float[channels]);
    ChannelCodes codes =
        narrow
            ? ChannelCodes.ofSixteen(weights, held, inputScale)
            : ChannelCodes.of(weights, held, inputScale);
    return new LayerCodes(
        codes, bias.map(its -> codes.bias(evened(node, tensor, weights, codes, its), inputScale)));
  }

  /** The bias with what rounding the weights takes from the output in the mean. */
  private float[] evened(
      Onnx.NodeProto node,
      Onnx.TensorProto tensor,
      Weights weights,
      ChannelCodes codes,
      float[] bias) {
    ValueHistogram input = counted.get(node.getInput(0));
    if (input == null || axes.get(node.getInput(0)) != Role.inputAxis(node)) {
      return bias;
    }
    double[] means = input.channelMeans();
    int columns = weights.values().length / weights.channels();
    int taps = Role.taps(node, tensor);
    int groups = Math.max(1, means.length * taps / columns);
    float[] evened = bias.clone();
    double[] met = new double[columns];
    for (int channel = 0; channel < evened.length; channel++) {
      int first = channel / (evened.length / groups) * (columns / taps);
      for (int i = 0; i < columns; i++) {
        met[i] = means[first + i / taps];
      }
      evened[channel] += (float) codes.lostMean(weights, channel, met);
    }
    return evened;
  }
}
