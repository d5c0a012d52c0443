package io.pare.model.read;

import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;

/**
 * Checks the constant weights of a layer: their rank, their length and that they are finite. Only
 * weights of layers are: elsewhere an infinity may be meant, as in an attention mask. A tensor that
 * several layers share is searched once. Not thread-safe.
 */
final class WeightValidator {
  private final Set<Onnx.TensorProto> finite = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * Checks an input of a node, if it is constant.
   *
   * @param rank the least number of dims
   * @return the tensor, empty if its values come from elsewhere or are left out
   */
  Optional<Onnx.TensorProto> check(Attributes node, Scope scope, int input, int rank) {
    Optional<Onnx.TensorProto> found = find(node, scope, input);
    found.ifPresent(
        tensor -> {
          Place place = place(node, tensor);
          if (tensor.getDimsCount() < rank) {
            throw place.defect(
                "has dims " + tensor.getDimsList() + "; it needs at least " + rank + " of them");
          }
          if (tensor.getDimsList().contains(0L)) {
            throw place.defect(
                "has dims " + tensor.getDimsList() + "; every one must be at least 1");
          }
          checkFinite(place, tensor);
        });
    return found;
  }

  /** Checks that an input, if it is constant, is a vector of the given length. */
  void checkVector(Attributes node, Scope scope, int input, long length) {
    check(node, scope, input, 1)
        .ifPresent(
            tensor -> {
              if (tensor.getDimsCount() != 1 || tensor.getDims(0) != length) {
                throw place(node, tensor)
                    .defect("has dims " + tensor.getDimsList() + "; they must be [" + length + "]");
              }
            });
  }

  /** Checks that the square root of a constant variance can be taken. */
  void checkVariance(Attributes node, Scope scope, int input, float epsilon) {
    Optional<Onnx.TensorProto> found =
        find(node, scope, input).filter(tensor -> Tensors.isFloat(tensor));
    if (found.isEmpty()) {
      return;
    }
    float[] variances = Tensors.floats(found.get());
    for (int i = 0; i < variances.length; i++) {
      if (!(variances[i] + epsilon > 0)) {
        throw place(node, found.get())
            .defect(
                "has the variance "
                    + variances[i]
                    + " at index "
                    + i
                    + "; with epsilon "
                    + epsilon
                    + " it must be above 0");
      }
    }
  }

  private static Optional<Onnx.TensorProto> find(Attributes node, Scope scope, int input) {
    return input < node.node().getInputCount()
        ? scope.tensor(node.node().getInput(input))
        : Optional.empty();
  }

  private static Place place(Attributes node, Onnx.TensorProto tensor) {
    return node.place().within("weights " + Place.quote(tensor.getName()));
  }

  private void checkFinite(Place place, Onnx.TensorProto tensor) {
    if (!Tensors.isFloat(tensor) || !finite.add(tensor)) {
      return;
    }
    int index = Tensors.firstNotFinite(tensor);
    if (index >= 0) {
      throw place.defect(
          "is not a finite number at index "
              + index
              + " of "
              + Tensors.elements(tensor)
              + " (NaN, infinite or beyond the range of a float): train or export the network"
              + " again");
    }
  }
}
