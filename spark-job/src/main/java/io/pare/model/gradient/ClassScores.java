package io.pare.model.gradient;

import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.gradient.graph.TensorShapes;
import io.pare.model.proto.Onnx;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Where a network holds the scores that an output tells.
 *
 * @param tensor the scores, before a Softmax at the end of the network
 * @param axes of the classes in that tensor
 * @param probabilities whether the output is the softmax of the scores
 */
@SuppressWarnings("ArrayRecordComponent")
record ClassScores(String tensor, int[] axes, boolean probabilities) {
  private static final Set<String> SAME_VALUES =
      Set.of("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Dropout");
  private static final int SOFTMAX_OVER_ONE_AXIS = 13;

  /** The scores behind an output; empty for one that holds no more than a value an image. */
  static Optional<ClassScores> of(OnnxNetwork network, TensorShapes shapes, String output) {
    String tensor = output;
    Optional<Onnx.NodeProto> producer = network.producer(tensor);
    while (producer.filter(node -> SAME_VALUES.contains(node.getOpType())).isPresent()) {
      tensor = producer.get().getInput(0);
      producer = network.producer(tensor);
    }
    boolean log = producer.filter(n -> OnnxNetwork.isStandard(n, "LogSoftmax")).isPresent();
    boolean softmax = producer.filter(n -> OnnxNetwork.isStandard(n, "Softmax")).isPresent();
    if (log || softmax) {
      String scores = producer.get().getInput(0);
      Onnx.NodeProto node = producer.get();
      return shapes
          .of(scores)
          .map(dims -> new ClassScores(scores, axes(network, node, dims.length), softmax));
    }
    return shapes
        .of(output)
        .filter(dims -> dims.length >= 2 && dims[1] > 1)
        .map(dims -> new ClassScores(output, new int[] {1}, false));
  }

  private static int[] axes(OnnxNetwork network, Onnx.NodeProto softmax, int rank) {
    boolean one = network.opset() >= SOFTMAX_OVER_ONE_AXIS;
    int axis = NodeAttributes.fromFront(NodeAttributes.number(softmax, "axis", one ? -1 : 1), rank);
    return one ? new int[] {axis} : IntStream.range(axis, rank).toArray();
  }
}
