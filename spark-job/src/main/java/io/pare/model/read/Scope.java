package io.pare.model.read;

import io.pare.model.proto.Onnx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The names that are defined so far in a graph, with what is known of them; the body of an If, Loop
 * or Scan also sees the names of the graphs around it (ONNX IR specification, Names Within a
 * Graph). Grows while its graph is walked; not thread-safe.
 */
final class Scope {
  private final Optional<Scope> outer;
  private final Set<String> names = new HashSet<>();
  private final Map<String, Onnx.TensorProto> tensors = new HashMap<>();
  private final Map<String, Long> channels = new HashMap<>();

  Scope(Optional<Scope> outer) {
    this.outer = outer;
  }

  /** Defines a name; false if this graph has it already. */
  boolean define(String name) {
    return names.add(name);
  }

  /** Whether a node of this graph may read the name now. */
  boolean sees(String name) {
    return names.contains(name) || outer.map(scope -> scope.sees(name)).orElse(false);
  }

  /** Whether a graph around this one has the name. */
  boolean hides(String name) {
    return outer.map(scope -> scope.sees(name)).orElse(false);
  }

  /** Remembers the constant values of a name. */
  void tensor(String name, Onnx.TensorProto tensor) {
    tensors.put(name, tensor);
  }

  /** The constant values of a name, from this graph or one around it. */
  Optional<Onnx.TensorProto> tensor(String name) {
    if (names.contains(name)) {
      return Optional.ofNullable(tensors.get(name));
    }
    return outer.flatMap(scope -> scope.tensor(name));
  }

  /** Remembers the number of channels, dimension 1, of an activation. */
  void channels(String name, long count) {
    channels.put(name, count);
  }

  /** The number of channels of an activation, where it is known. */
  OptionalLong channels(String name) {
    if (names.contains(name)) {
      Long count = channels.get(name);
      return count == null ? OptionalLong.empty() : OptionalLong.of(count);
    }
    return outer.map(scope -> scope.channels(name)).orElse(OptionalLong.empty());
  }
}
