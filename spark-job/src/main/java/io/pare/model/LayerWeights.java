package io.pare.model;

import io.pare.algorithm.structure.LayerShape;
import io.pare.model.proto.Onnx;
import java.util.Arrays;
import java.util.Optional;

/**
 * The weights of a layer, as W (n x d) and b (n) of one group, in the column order of {@link
 * LayerShape}; y = W x + b whatever the operator, transposition and scale in the file. Stateless.
 */
public final class LayerWeights {
  private LayerWeights() {}

  /** W of a group: n x d, row after row; halves are decoded. */
  public static float[] kernel(OnnxNetwork network, Layer layer, int group) {
    LayerNodes nodes = LayerNodes.of(network, layer);
    float[] values = Tensors.floats(nodes.weight(network));
    LayerShape shape = layer.shape();
    int rows = shape.outputs();
    int columns = shape.columns();
    float[] kernel = new float[Math.multiplyExact(rows, columns)];
    if (layer.operator() == Layer.Operator.CONV_TRANSPOSE) {
      turn(values, layer, group, kernel);
    } else if (nodes.isTransposed()) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          kernel[i * columns + j] = values[j * rows + i];
        }
      }
    } else {
      int first = Math.multiplyExact(group, kernel.length);
      System.arraycopy(values, first, kernel, 0, kernel.length);
    }
    if (nodes.weightScale() != 1) {
      for (int i = 0; i < kernel.length; i++) {
        kernel[i] = (float) (kernel[i] * nodes.weightScale());
      }
    }
    return kernel;
  }

  /** ConvTranspose keeps channels x filters x taps. */
  private static void turn(float[] values, Layer layer, int group, float[] kernel) {
    int rows = layer.shape().outputs();
    int columns = layer.shape().columns();
    int channels = layer.shape().inputChannels();
    int taps = columns / channels;
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < rows; i++) {
        int from = ((group * channels + c) * rows + i) * taps;
        System.arraycopy(values, from, kernel, i * columns + c * taps, taps);
      }
    }
  }

  /** b of a group: n values, zeros where the layer has none. */
  public static double[] bias(OnnxNetwork network, Layer layer, int group) {
    LayerNodes nodes = LayerNodes.of(network, layer);
    int outputs = layer.shape().outputs();
    double[] bias = new double[outputs];
    Optional<float[]> values = nodes.bias(network).map(Tensors::floats);
    if (values.isEmpty()) {
      return bias;
    }
    if (values.get().length == 1) {
      Arrays.fill(bias, values.get()[0]);
    } else {
      for (int i = 0; i < outputs; i++) {
        bias[i] = values.get()[group * outputs + i];
      }
    }
    scale(bias, nodes.biasScale());
    return bias;
  }

  /**
   * A bound of what the layer writes: no value is larger in magnitude.
   *
   * @param largest magnitude that it reads
   */
  public static double bound(OnnxNetwork network, Layer layer, double largest) {
    LayerNodes nodes = LayerNodes.of(network, layer);
    double weight = Math.abs(nodes.weightScale()) * largest(Tensors.floats(nodes.weight(network)));
    double bias =
        nodes
            .bias(network)
            .map(values -> Math.abs(nodes.biasScale()) * largest(Tensors.floats(values)))
            .orElse(0.0);
    return layer.shape().columns() * weight * largest + bias;
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static void scale(double[] values, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }

  /** The type in which the layer's weights are stored. */
  public static Onnx.TensorProto.DataType type(OnnxNetwork network, Layer layer) {
    return Onnx.TensorProto.DataType.forNumber(
        LayerNodes.of(network, layer).weight(network).getDataType());
  }

  /** Bytes that one of the layer's weights takes in the file: 4, or 2 for halves. */
  public static int bytesPerWeight(OnnxNetwork network, Layer layer) {
    return type(network, layer) == Onnx.TensorProto.DataType.FLOAT16 ? Short.BYTES : Float.BYTES;
  }
}
