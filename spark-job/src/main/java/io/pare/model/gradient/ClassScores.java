package io.pare.model.gradient;

import io.pare.model.OnnxNetwork;
import io.pare.model.gradient.graph.TensorShapes;
import io.pare.model.output.NetworkOutput;
import io.pare.model.output.SoftmaxEnd;
import java.util.Optional;

/**
 * Where a network holds the scores that an output tells.
 *
 * @param tensor the scores, before a Softmax at the end of the network
 * @param axes of the classes in that tensor
 * @param probabilities whether the output is the softmax of the scores
 */
@SuppressWarnings("ArrayRecordComponent")
record ClassScores(String tensor, int[] axes, boolean probabilities) {

  /** The scores behind an output; empty for one of values. */
  static Optional<ClassScores> of(OnnxNetwork network, TensorShapes shapes, NetworkOutput output) {
    if (!output.isScores()) {
      return Optional.empty();
    }
    if (output.classAxis() != NetworkOutput.NONE) {
      return Optional.of(new ClassScores(output.name(), new int[] {output.classAxis()}, false));
    }
    return SoftmaxEnd.of(network, output.name())
        .flatMap(
            end ->
                shapes
                    .of(end.scores())
                    .map(
                        dims ->
                            new ClassScores(
                                end.scores(), end.axes(network, dims.length), !end.isLog())));
  }
}
