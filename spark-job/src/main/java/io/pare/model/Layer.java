package io.pare.model;

import io.pare.algorithm.activation.Activation;
import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.structure.Costs;
import io.pare.algorithm.structure.Geometry;
import io.pare.algorithm.structure.LayerCost;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Window;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * A convolution or fully connected layer that can be compressed. Plain values that travel to
 * executors; its weights stay in the network, see {@link LayerWeights}.
 *
 * @param index place among all layers of the network, kept ones included, from 0 in graph order
 * @param name the node's name, or that of its output where it has none or shares it; unique
 * @param operator how it is written
 * @param shape of one group's weights
 * @param groups equal parts that the channels are split in; 1 for most layers
 * @param window strides, padding and dilations; {@link Window#POINTWISE} when fully connected
 * @param geometry sizes of its feature maps for one image, {@link Geometry#UNKNOWN} if not measured
 * @param input tensor that it reads: N x (groups c) x one length for each axis of the window, or
 *     vectors of d at the end
 * @param run vectors of one image that follow each other in the input of a matrix product before
 *     those of the next image come; 1 for convolutions
 * @param output tensor that it writes, bias added, before the activation
 * @param sharers what other nodes with the same weights and bias write; they become what the layer
 *     becomes
 * @param activation what follows; the identity where a branch, another layer or a function that is
 *     not known comes first
 * @param summand tensor that joins the output before the activation, of the same shape and settled
 *     before the layer is fitted; empty where no addition comes first
 * @param note why the activation is the identity though a function follows; empty otherwise
 */
public record Layer(
    int index,
    String name,
    Operator operator,
    LayerShape shape,
    int groups,
    Window window,
    Geometry geometry,
    String input,
    int run,
    String output,
    List<String> sharers,
    Activation activation,
    String summand,
    String note)
    implements Serializable {

  /** ONNX operators that hold the weights of layers. */
  public enum Operator {
    /** Convolution over any number of axes. */
    CONV("Conv"),
    /** Transposed convolution over any number of axes. */
    CONV_TRANSPOSE("ConvTranspose"),
    /** Matrix product of N x d with bias. */
    GEMM("Gemm"),
    /** Matrix product of vectors at the end of any tensor; an Add of a constant is its bias. */
    MATMUL("MatMul");

    private final String onnx;

    Operator(String onnx) {
      this.onnx = onnx;
    }

    /** The name that ONNX gives it. */
    public String onnx() {
      return onnx;
    }

    /** Whether it is a matrix product rather than a convolution. */
    public boolean isFullyConnected() {
      return this == GEMM || this == MATMUL;
    }
  }

  public Layer {
    sharers = List.copyOf(sharers);
    if (groups < 1) {
      throw new IllegalArgumentException("layer " + name + " has " + groups + " groups");
    }
  }

  /** The tensors that a fit sees: what the layer reads, and what joins its output. */
  public Stream<String> sampled() {
    return Stream.of(input, summand).filter(tensor -> !tensor.isEmpty());
  }

  /** The same where a fit cannot see the addition behind it, and so not the activation either. */
  public Layer beforeAddition() {
    return summand.isEmpty()
        ? this
        : new Layer(
            index,
            name,
            operator,
            shape,
            groups,
            window,
            geometry,
            input,
            run,
            output,
            sharers,
            Clamp.IDENTITY,
            "",
            "an addition comes first, which fits in the space of the samples do not see");
  }

  /** What a fit takes to follow, such as {@code relu} or {@code relu behind an addition}. */
  public String follows() {
    return activation.label() + (summand.isEmpty() ? "" : " behind an addition");
  }

  /** How many values the layer reads for one image. */
  public long inputValues() {
    long columns =
        operator.isFullyConnected() ? shape.columns() : (long) shape.inputChannels() * groups;
    return columns * geometry.inputPositions();
  }

  /** How many values the layer writes for one image. */
  public long outputValues() {
    return (long) shape.outputs() * groups * geometry.outputPositions();
  }

  /** What the layer costs as it is, all groups. */
  public LayerCost cost() {
    return Costs.dense(shape, geometry).times(groups);
  }
}
