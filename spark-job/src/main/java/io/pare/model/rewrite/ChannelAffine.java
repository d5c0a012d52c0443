package io.pare.model.rewrite;

import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * A node that does {@code scale * y + shift} with constants of each channel: BatchNormalization of
 * inference (ONNX: scale (y - mean) / sqrt(var + epsilon) + bias), or Mul, Div, Add, Sub of a
 * constant.
 *
 * @param scale one factor for each channel
 * @param shift one summand for each channel
 */
@SuppressWarnings("ArrayRecordComponent")
record ChannelAffine(double[] scale, double[] shift) {
  private static final float EPSILON = 1e-5f;

  /**
   * Reads a node that follows a layer.
   *
   * @param tensor what the layer writes
   * @param rank dimensions of that tensor, channels second
   * @param channels number of channels
   * @return empty for any other node, and where a constant or a finite result is missing
   */
  static Optional<ChannelAffine> of(
      OnnxNetwork network, Onnx.NodeProto node, String tensor, int rank, int channels) {
    if (!OnnxNetwork.isStandard(node)) {
      return Optional.empty();
    }
    Optional<ChannelAffine> affine =
        switch (node.getOpType()) {
          case "BatchNormalization" -> normalization(network, node, tensor, channels);
          case "Mul", "Div", "Add", "Sub" -> {
            boolean first = node.getInput(0).equals(tensor);
            yield constant(network, node.getInput(first ? 1 : 0), rank, channels)
                .flatMap(values -> elementwise(node.getOpType(), values, first ? 0 : 1));
          }
          default -> Optional.empty();
        };
    return affine.filter(a -> isFinite(a.scale) && isFinite(a.shift));
  }

  /** The two, one after the other. */
  ChannelAffine then(ChannelAffine next) {
    double[] product = new double[scale.length];
    double[] sum = new double[scale.length];
    for (int i = 0; i < scale.length; i++) {
      product[i] = next.scale[i] * scale[i];
      sum[i] = next.scale[i] * shift[i] + next.shift[i];
    }
    return new ChannelAffine(product, sum);
  }

  private static Optional<ChannelAffine> normalization(
      OnnxNetwork network, Onnx.NodeProto node, String tensor, int channels) {
    boolean statisticsLeave =
        node.getOutputList().stream().skip(1).anyMatch(output -> !output.isEmpty());
    if (!node.getInput(0).equals(tensor)
        || statisticsLeave
        || NodeAttributes.number(node, "training_mode", 0) != 0) {
      return Optional.empty();
    }
    float[][] parameters = new float[4][];
    for (int i = 0; i < parameters.length; i++) {
      Optional<float[]> values =
          network
              .constant(node.getInput(i + 1))
              .filter(Tensors::isFloat)
              .map(Tensors::floats)
              .filter(v -> v.length == channels);
      if (values.isEmpty()) {
        return Optional.empty();
      }
      parameters[i] = values.get();
    }
    double epsilon = NodeAttributes.real(node, "epsilon", EPSILON);
    double[] scale = new double[channels];
    double[] shift = new double[channels];
    for (int i = 0; i < channels; i++) {
      scale[i] = parameters[0][i] / Math.sqrt(parameters[3][i] + epsilon);
      shift[i] = parameters[1][i] - parameters[2][i] * scale[i];
    }
    return Optional.of(new ChannelAffine(scale, shift));
  }

  /** A constant that has one value for each channel and does not enlarge the tensor. */
  private static Optional<double[]> constant(
      OnnxNetwork network, String name, int rank, int channels) {
    return network
        .constant(name)
        .filter(Tensors::isFloat)
        .filter(tensor -> isPerChannel(Tensors.dims(tensor), rank, channels))
        .map(
            tensor -> {
              float[] values = Tensors.floats(tensor);
              double[] perChannel = new double[channels];
              Arrays.setAll(perChannel, i -> values[values.length == 1 ? 0 : i]);
              return perChannel;
            });
  }

  /**
   * Whether a constant has one value, or one for each channel, and enlarges no tensor of that rank.
   */
  static boolean isPerChannel(long[] dims, int rank, int channels) {
    if (dims.length > rank) {
      return false;
    }
    for (int i = 0; i < dims.length; i++) {
      boolean channelAxis = i + rank - dims.length == 1;
      if (dims[i] != 1 && !(channelAxis && dims[i] == channels)) {
        return false;
      }
    }
    return true;
  }

  /** With the tensor as left ({@code side} 0) or right (1) operand. */
  private static Optional<ChannelAffine> elementwise(String operator, double[] values, int side) {
    DoubleUnaryOperator itself = value -> value;
    return switch (operator) {
      case "Mul" -> Optional.of(each(values, itself, value -> 0));
      case "Add" -> Optional.of(each(values, value -> 1, itself));
      case "Sub" ->
          Optional.of(
              side == 0
                  ? each(values, value -> 1, value -> -value)
                  : each(values, value -> -1, itself));
      default ->
          side == 0 ? Optional.of(each(values, value -> 1 / value, value -> 0)) : Optional.empty();
    };
  }

  private static ChannelAffine each(
      double[] values, DoubleUnaryOperator scale, DoubleUnaryOperator shift) {
    return new ChannelAffine(
        Arrays.stream(values).map(scale).toArray(), Arrays.stream(values).map(shift).toArray());
  }

  private static boolean isFinite(double[] values) {
    return Arrays.stream(values).allMatch(Double::isFinite);
  }
}
