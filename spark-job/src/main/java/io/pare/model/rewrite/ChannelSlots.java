package io.pare.model.rewrite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which channels of a network have to stay. A slot stands for channels, of whatever tensors, that
 * can only be removed together; joined slots are one. A slot that is read stays; so does a slot
 * that a staying one is copied from; and so does at least one slot of every origin, because no
 * operator computes nothing. Not thread-safe.
 */
final class ChannelSlots {
  private static final int[] NONE = {};

  private int[] parents = NONE;
  private final BitSet read = new BitSet();
  private final List<int[]> origins = new ArrayList<>();
  private final List<int[]> copies = new ArrayList<>();

  /** The slots of an operator that can compute any of its channels without the others. */
  int[] origin(int channels) {
    int first = parents.length;
    int[] slots = IntStream.range(first, first + channels).toArray();
    parents = Arrays.copyOf(parents, first + channels);
    System.arraycopy(slots, 0, parents, first, channels);
    origins.add(slots);
    return slots;
  }

  /** An origin whose slots copy others, one each. */
  int[] copy(int[] from) {
    int[] slots = origin(from.length);
    for (int i = 0; i < from.length; i++) {
      copies.add(new int[] {slots[i], from[i]});
    }
    return slots;
  }

  /** Makes two slots one. */
  void join(int one, int other) {
    parents[root(one)] = root(other);
  }

  /** Marks slots that have to stay. */
  void read(int[] slots) {
    Arrays.stream(slots).forEach(read::set);
  }

  /** The same number for joined slots and for no others. */
  int root(int slot) {
    int root = slot;
    while (parents[root] != root) {
      parents[root] = parents[parents[root]];
      root = parents[root];
    }
    return root;
  }

  /**
   * The slots that stay.
   *
   * @param more slots that are read beside those marked
   */
  BitSet live(BitSet more) {
    BitSet roots = new BitSet();
    read.stream().forEach(slot -> roots.set(root(slot)));
    more.stream().forEach(slot -> roots.set(root(slot)));
    spread(roots);
    // From the last to the first, so that what is kept here is seen where it is copied from.
    for (int i = origins.size() - 1; i >= 0; i--) {
      int[] slots = origins.get(i);
      if (slots.length > 0 && Arrays.stream(slots).noneMatch(slot -> roots.get(root(slot)))) {
        roots.set(root(slots[0]));
        spread(roots);
      }
    }
    BitSet live = new BitSet();
    IntStream.range(0, parents.length).filter(slot -> roots.get(root(slot))).forEach(live::set);
    return live;
  }

  /** Joined slots may lie anywhere in the graph, so one round is not always enough. */
  private void spread(BitSet roots) {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = copies.size() - 1; i >= 0; i--) {
        int source = root(copies.get(i)[1]);
        if (roots.get(root(copies.get(i)[0])) && !roots.get(source)) {
          roots.set(source);
          changed = true;
        }
      }
    }
  }
}
