package io.pare.algorithm.structure;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Seeded shapes and structures, small enough for sums that are written out. */
final class SmallStructures {
  static final List<Form> FORMS = List.of(Form.CHANNEL, Form.SPATIAL, Form.TUCKER, Form.CHAIN);

  private SmallStructures() {}

  static LayerShape shape(SplittableRandom random) {
    return new LayerShape(
        2 + random.nextInt(6), 2 + random.nextInt(5), 1 + random.nextInt(3), 1 + random.nextInt(3));
  }

  /** Any ranks of a form, also those beyond what pays. */
  static LowRank lowRank(Form form, SplittableRandom random) {
    int[] ranks = new int[Math.max(0, form.taps().size() - 1)];
    for (int k = 0; k < ranks.length; k++) {
      ranks[k] = 1 + random.nextInt(4);
    }
    return new LowRank(form, ranks);
  }

  /** Some of the numbers below a bound, ascending; at least one. */
  static int[] some(int bound, SplittableRandom random) {
    int always = random.nextInt(bound);
    boolean[] chosen = new boolean[bound];
    for (int k = 0; k < bound; k++) {
      chosen[k] = k == always || random.nextBoolean();
    }
    return IntStream.range(0, bound).filter(k -> chosen[k]).toArray();
  }

  /** A sum of every kind: each form with and without inputs and filters, and those alone. */
  static List<Structure.Sum> sums(LayerShape shape, SplittableRandom random) {
    Support inputs = new Support(Support.Kind.INPUTS, some(shape.inputChannels(), random));
    Support filters = new Support(Support.Kind.FILTERS, some(shape.outputs(), random));
    List<Structure.Sum> sums = new ArrayList<>();
    sums.add(new Structure.Sum(LowRank.NONE, inputs));
    sums.add(new Structure.Sum(LowRank.NONE, filters));
    sums.add(Structure.Sum.dense(shape));
    for (Form form : FORMS) {
      for (Support support : List.of(Support.NONE, inputs, filters, Support.allFilters(shape))) {
        sums.add(new Structure.Sum(lowRank(form, random), support));
      }
    }
    return sums;
  }

  /** The numbers below a bound that are not given. */
  static int[] others(int[] given, int bound) {
    return IntStream.range(0, bound)
        .filter(k -> IntStream.of(given).noneMatch(other -> other == k))
        .toArray();
  }
}
