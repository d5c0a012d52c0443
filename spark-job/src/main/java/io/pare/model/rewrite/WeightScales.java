package io.pare.model.rewrite;

import io.pare.model.LayerNodes;
import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

/**
 * Evens out the scales of factors that learned: an output of a convolution or product and the
 * weights that alone read it, nothing between. What the one is multiplied with the others are
 * divided by, a power of two, so that the network computes the same bits; the norms on both sides
 * end within a factor of two of each other. Stateless.
 */
public final class WeightScales {
  private final OnnxNetwork network;
  private final Set<String> names;
  private final Map<String, float[]> changed = new TreeMap<>();

  private WeightScales(OnnxNetwork network, Collection<String> names) {
    this.network = network;
    this.names = new HashSet<>(names);
  }

  /**
   * The network with even scales.
   *
   * @param names initializers in single precision that may change
   */
  public static OnnxNetwork even(OnnxNetwork network, Collection<String> names) {
    WeightScales scales = new WeightScales(network, names);
    List<Pair> pairs = scales.pairs();
    // A factor between two others is in two pairs. Every change lowers the sum of all squares.
    boolean moved = true;
    while (moved) {
      moved = false;
      for (Pair pair : pairs) {
        moved |= scales.evened(pair);
      }
    }
    return TrainableWeights.replaced(network, scales.changed);
  }

  /**
   * Weights that follow one another.
   *
   * @param channels between them
   * @param first the weights that compute them, and the channel of each
   * @param bias of the channels, where there is one
   * @param second the weights that read them, and the channel of each
   */
  private record Pair(int channels, Entries first, Optional<String> bias, Entries second) {}

  private record Entries(String name, IntUnaryOperator channel) {}

  private List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (Onnx.NodeProto node : network.nodes()) {
      if (isLayer(node)) {
        network
            .soleConsumer(node.getOutput(0))
            .filter(next -> isLayer(next) && next.getInput(0).equals(node.getOutput(0)))
            .filter(next -> isConvolution(next) == isConvolution(node))
            .flatMap(next -> pair(node, next))
            .ifPresent(pairs::add);
      }
    }
    return pairs;
  }

  /** Whether a node is a layer whose weights may change and nothing else reads them. */
  private boolean isLayer(Onnx.NodeProto node) {
    return TrainableWeights.isLayer(node)
        && NodeAttributes.number(node, "transA", 0) == 0
        && node.getInputList().stream().skip(1).allMatch(name -> name.isEmpty() || isOwn(name))
        && (isConvolution(node) || weight(node).getDimsCount() == 2);
  }

  private static boolean isConvolution(Onnx.NodeProto node) {
    return node.getOpType().equals("Conv");
  }

  private boolean isOwn(String name) {
    return names.contains(name) && network.soleConsumer(name).isPresent();
  }

  private Onnx.TensorProto weight(Onnx.NodeProto node) {
    return network.constant(node.getInput(1)).orElseThrow();
  }

  private Optional<Pair> pair(Onnx.NodeProto node, Onnx.NodeProto next) {
    long[] dims = Tensors.dims(weight(node));
    int channels = (int) (isTransposed(node) ? dims[1] : dims[0]);
    int size = (int) (Tensors.elements(weight(node)) / Math.max(1, channels));
    IntUnaryOperator computed = isTransposed(node) ? k -> k % channels : k -> k / size;
    Optional<String> bias =
        node.getInputCount() > 2 && !node.getInput(2).isEmpty()
            ? Optional.of(node.getInput(2))
            : Optional.empty();
    boolean scalable =
        bias.map(name -> Tensors.elements(network.constant(name).orElseThrow()) == channels)
            .orElse(true);
    return scalable && channels > 0
        ? Optional.of(
            new Pair(
                channels,
                new Entries(node.getInput(1), computed),
                bias,
                new Entries(next.getInput(1), read(next))))
        : Optional.empty();
  }

  /** Which channel of its input each weight of a layer reads. */
  private IntUnaryOperator read(Onnx.NodeProto node) {
    long[] dims = Tensors.dims(weight(node));
    int outputs = (int) dims[0];
    int inputs = (int) dims[1];
    if (!isConvolution(node)) {
      return isTransposed(node) ? k -> k / inputs : k -> k % inputs;
    }
    int taps = (int) (Tensors.elements(weight(node)) / ((long) outputs * inputs));
    int filters = outputs / (int) NodeAttributes.number(node, "group", 1);
    return k -> k / (taps * inputs) / filters * inputs + k / taps % inputs;
  }

  private static boolean isTransposed(Onnx.NodeProto node) {
    return new LayerNodes(node, Optional.empty()).isTransposed();
  }

  private boolean evened(Pair pair) {
    double[] before = squares(pair.first(), pair.channels());
    double[] behind = squares(pair.second(), pair.channels());
    int[] exponents = new int[pair.channels()];
    boolean moved = false;
    for (int q = 0; q < exponents.length; q++) {
      if (before[q] > 0 && behind[q] > 0) {
        double quarter = Math.log(behind[q] / before[q]) / Math.log(16);
        exponents[q] = (int) Math.round(quarter);
        moved |= exponents[q] != 0;
      }
    }
    if (moved) {
      scale(pair.first(), exponents, 1);
      pair.bias().ifPresent(name -> scale(new Entries(name, k -> k), exponents, 1));
      scale(pair.second(), exponents, -1);
    }
    return moved;
  }

  private float[] values(String name) {
    return changed.computeIfAbsent(
        name, absent -> Tensors.floats(network.constant(absent).orElseThrow()).clone());
  }

  private double[] squares(Entries entries, int channels) {
    double[] squares = new double[channels];
    float[] values = values(entries.name());
    for (int k = 0; k < values.length; k++) {
      squares[entries.channel().applyAsInt(k)] += (double) values[k] * values[k];
    }
    return squares;
  }

  private void scale(Entries entries, int[] exponents, int sign) {
    float[] values = values(entries.name());
    for (int k = 0; k < values.length; k++) {
      values[k] = Math.scalb(values[k], sign * exponents[entries.channel().applyAsInt(k)]);
    }
  }
}
