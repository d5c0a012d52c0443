package io.pare.model.output;

import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.proto.Onnx;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The Softmax or LogSoftmax that ends a network at one of its outputs; behind it the values are
 * only given another shape or type.
 *
 * @param node the operator
 * @param isLog whether it is LogSoftmax
 */
public record SoftmaxEnd(Onnx.NodeProto node, boolean isLog) {
  private static final Set<String> SAME_VALUES =
      Set.of("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Dropout", "Cast");
  private static final int ONE_AXIS = 13;

  /** The one before an output. */
  public static Optional<SoftmaxEnd> of(OnnxNetwork network, String output) {
    Optional<Onnx.NodeProto> last = last(network, output);
    boolean log = last.filter(node -> OnnxNetwork.isStandard(node, "LogSoftmax")).isPresent();
    return last.filter(node -> log || OnnxNetwork.isStandard(node, "Softmax"))
        .map(node -> new SoftmaxEnd(node, log));
  }

  /** The node that computes the values of a tensor. */
  static Optional<Onnx.NodeProto> last(OnnxNetwork network, String tensor) {
    Optional<Onnx.NodeProto> producer = network.producer(tensor);
    while (producer.filter(SoftmaxEnd::keepsValues).isPresent()) {
      producer = network.producer(producer.get().getInput(0));
    }
    return producer;
  }

  private static boolean keepsValues(Onnx.NodeProto node) {
    return OnnxNetwork.isStandard(node) && SAME_VALUES.contains(node.getOpType());
  }

  /** The tensor that it reads. */
  public String scores() {
    return node.getInput(0);
  }

  /** The tensor that it writes. */
  String written() {
    return node.getOutput(0);
  }

  /**
   * The axes of the classes: one, or before operator set 13 all from one on.
   *
   * @param rank of the tensor that it reads
   */
  public int[] axes(OnnxNetwork network, int rank) {
    boolean one = network.opset() >= ONE_AXIS;
    int axis = NodeAttributes.fromFront(NodeAttributes.number(node, "axis", one ? -1 : 1), rank);
    return one ? new int[] {axis} : IntStream.range(axis, rank).toArray();
  }
}
