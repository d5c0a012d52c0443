package io.pare.model.gradient;

import io.pare.model.NodeAttributes;
import io.pare.model.gradient.graph.GraphWriter;
import io.pare.model.gradient.graph.TensorShapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that only move values: each value of the gradient goes back. Stateless. */
final class Rearrangements {
  private Rearrangements() {}

  /** Reshape, Flatten, Squeeze and Unsqueeze. */
  static void reshape(Adjoint node) {
    String back = node.graph().reshapeLike(node.gradient(), node.input(0), node.shape(0));
    node.give(0, back);
  }

  static void transpose(Adjoint node) {
    int rank = node.shape(0).length;
    int[] reversed = IntStream.range(0, rank).map(i -> rank - 1 - i).toArray();
    int[] order = NodeAttributes.numbers(node.node(), "perm", reversed);
    int[] back = new int[rank];
    for (int i = 0; i < rank; i++) {
      back[order[i]] = i;
    }
    node.give(0, node.graph().transpose(node.gradient(), back));
  }

  /** Whether the axis of a Concat or Split has the same length in every batch. */
  static boolean hasFixedAxis(Adjoint node) {
    long[] dims = node.shape(node.operator().equals("Concat") ? node.output() : node.input(0));
    return dims[node.axis("axis", 0, dims.length)] != TensorShapes.OPEN;
  }

  static void concat(Adjoint node) {
    int axis = node.axis("axis", 0, node.shape(node.output()).length);
    long[] sizes = IntStream.range(0, node.inputs()).mapToLong(i -> node.shape(i)[axis]).toArray();
    List<String> parts = node.graph().split(node.gradient(), axis, sizes);
    for (int i = 0; i < sizes.length; i++) {
      if (node.wants(i)) {
        node.give(i, parts.get(i));
      }
    }
  }

  /** Split: outputs that nobody learns from have a gradient of zero. */
  static void split(Adjoint node) {
    int axis = node.axis("axis", 0, node.shape(0).length);
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < node.node().getOutputCount(); i++) {
      Optional<String> gradient = node.gradient(i);
      String output = node.node().getOutput(i);
      parts.add(gradient.orElseGet(() -> node.graph().multiply(output, node.scalar(0))));
    }
    node.give(0, node.graph().concat(parts, axis));
  }

  /** Whether the indices of a Gather are known, and how many values there are to choose from. */
  static boolean gathersKnown(Adjoint node) {
    return indices(node).isPresent() && hasFixedAxis(node);
  }

  private static Optional<long[]> indices(Adjoint node) {
    return node.integers(1, "").filter(indices -> node.shape(1).length <= 1);
  }

  static void gather(Adjoint node) {
    long[] in = node.shape(0);
    int axis = node.axis("axis", 0, in.length);
    long[] indices = indices(node).orElseThrow();
    long[] at = Arrays.stream(indices).map(i -> i < 0 ? i + in[axis] : i).toArray();
    String gradient = node.gradient();
    if (node.shape(1).length == 0) {
      long[] dims = in.clone();
      dims[axis] = 1;
      gradient = node.graph().reshapeLike(gradient, node.input(0), dims);
    }
    node.give(0, scattered(node, gradient, axis, at));
  }

  /**
   * The transpose of a choice along an axis: for each place of the input the sum of the gradients
   * of all that were taken from it. One Gather brings those that were taken first, the next those
   * that were taken a second time; a row of zeros stands for none.
   */
  private static String scattered(Adjoint node, String gradient, int axis, long[] indices) {
    GraphWriter graph = node.graph();
    long[] in = node.shape(0);
    long[] pads = new long[2 * in.length];
    pads[in.length + axis] = 1;
    String padded = graph.pad(gradient, pads);
    List<long[]> rounds = new ArrayList<>();
    int[] taken = new int[(int) in[axis]];
    for (int i = 0; i < indices.length; i++) {
      int place = (int) indices[i];
      if (taken[place] == rounds.size()) {
        long[] none = new long[taken.length];
        Arrays.fill(none, indices.length);
        rounds.add(none);
      }
      rounds.get(taken[place]++)[place] = i;
    }
    return graph.total(rounds.stream().map(round -> graph.gather(padded, axis, round)).toList());
  }

  /** What a Slice takes along one axis. */
  private record Cut(int axis, long start, long count, long step) {
    long last() {
      return start + (count - 1) * step;
    }
  }

  /** Whether where a Slice starts and how it goes on is known, along axes of a fixed length. */
  static boolean slicesKnown(Adjoint node) {
    return cuts(node)
        .filter(cuts -> cuts.stream().allMatch(c -> node.shape(0)[c.axis()] != TensorShapes.OPEN))
        .filter(cuts -> cuts.stream().allMatch(c -> c.count() > 0))
        .isPresent();
  }

  private static Optional<List<Cut>> cuts(Adjoint node) {
    Optional<long[]> starts = node.integers(1, "starts");
    Optional<long[]> steps = node.has(4) ? node.integers(4, "") : starts.map(s -> ones(s.length));
    Optional<int[]> axes = starts.flatMap(s -> sliceAxes(node, s.length));
    if (starts.isEmpty() || steps.isEmpty() || axes.isEmpty()) {
      return Optional.empty();
    }
    List<Cut> cuts = new ArrayList<>();
    long[] out = node.shape(node.output());
    for (int i = 0; i < axes.get().length; i++) {
      int axis = axes.get()[i];
      long length = node.shape(0)[axis];
      long start = starts.get()[i];
      long from = Math.max(0, Math.min(start < 0 ? start + length : start, length));
      long step = steps.get()[i];
      boolean whole = length == TensorShapes.OPEN && out[axis] == TensorShapes.OPEN && start == 0;
      if (!(whole && step == 1)) {
        cuts.add(new Cut(axis, step < 0 ? Math.min(from, length - 1) : from, out[axis], step));
      }
    }
    return Optional.of(cuts);
  }

  private static long[] ones(int count) {
    long[] ones = new long[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static Optional<int[]> sliceAxes(Adjoint node, int count) {
    boolean given = node.has(3) || NodeAttributes.find(node.node(), "axes").isPresent();
    int rank = node.shape(0).length;
    return given ? node.axes(3, "axes", rank) : Optional.of(IntStream.range(0, count).toArray());
  }

  static void slice(Adjoint node) {
    long[] in = node.shape(0);
    List<Cut> cuts = cuts(node).orElseThrow();
    String gradient = node.gradient();
    long[] pads = new long[2 * in.length];
    for (Cut cut : cuts) {
      if (cut.step() == 1) {
        pads[cut.axis()] = cut.start();
        pads[in.length + cut.axis()] = in[cut.axis()] - 1 - cut.last();
      } else {
        long[] at = new long[(int) cut.count()];
        Arrays.setAll(at, i -> cut.start() + i * cut.step());
        gradient = scattered(node, gradient, cut.axis(), at);
      }
    }
    node.give(0, node.graph().pad(gradient, pads));
  }

  /** Whether a Pad writes a constant, as many as the network says. */
  static boolean padsKnown(Adjoint node) {
    boolean constant = NodeAttributes.text(node.node(), "mode", "constant").equals("constant");
    boolean given = node.integers(1, "pads").isPresent();
    return constant && given && !node.wants(2) && !node.has(3);
  }

  static void pad(Adjoint node) {
    long[] pads = node.integers(1, "pads").orElseThrow();
    long[] back = Arrays.stream(pads).map(pad -> -pad).toArray();
    node.give(0, node.graph().pad(node.gradient(), back));
  }
}
