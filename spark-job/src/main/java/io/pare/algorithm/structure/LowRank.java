package io.pare.algorithm.structure;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The low-rank component B of a layer, without the numbers: its form and its ranks (algorithm.md
 * section 1).
 *
 * @param form how it is written
 * @param ranks outputs of every factor but the last, each at least 1
 */
@SuppressWarnings("ArrayRecordComponent")
public record LowRank(Form form, int... ranks) implements Serializable {
  /** No low-rank component. */
  public static final LowRank NONE = new LowRank(Form.NONE);

  public LowRank {
    if (ranks.length != Math.max(0, form.taps().size() - 1)
        || Arrays.stream(ranks).anyMatch(rank -> rank < 1)) {
      throw new IllegalArgumentException(form + " has no ranks " + Arrays.toString(ranks));
    }
  }

  /** Whether there is no low-rank component. */
  public boolean isNone() {
    return form == Form.NONE;
  }

  /** What one group costs, bias not counted. */
  public LayerCost cost(LayerShape shape, Geometry geometry) {
    long[] weights = new long[form.taps().size()];
    for (int k = 0; k < weights.length; k++) {
      weights[k] = (long) outputs(k, shape) * columns(k, shape);
    }
    return Costs.chain(form.taps(), weights, geometry);
  }

  /** Outputs of a factor in a layer of that shape. */
  int outputs(int factor, LayerShape shape) {
    return factor < ranks.length ? ranks[factor] : shape.outputs();
  }

  /** Columns of a factor's kernel in a layer of that shape. */
  int columns(int factor, LayerShape shape) {
    int inputs = factor == 0 ? shape.inputChannels() : ranks[factor - 1];
    return Math.multiplyExact(inputs, form.taps().get(factor).count(shape));
  }

  /**
   * The same with more channels between the factors: all ranks but the last, which is the step on
   * the form's path, are rounded up to multiples as far as the layer has use for them.
   *
   * @param multiple at least 1
   */
  public LowRank widened(int multiple, LayerShape shape) {
    int[] wider = ranks.clone();
    long most = shape.outputs();
    for (int k = wider.length - 2; k >= 0; k--) {
      most = Math.min(most * form.taps().get(k + 1).count(shape), columns(k, shape));
      wider[k] = (int) Math.min((long) (wider[k] + multiple - 1) / multiple * multiple, most);
    }
    return new LowRank(form, wider);
  }

  /** A short name for tables, such as {@code spatial(156)}; empty where there is none. */
  public String label() {
    return isNone()
        ? ""
        : form.name().toLowerCase(Locale.ROOT)
            + Arrays.stream(ranks)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(",", "(", ")"));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LowRank that && form == that.form && Arrays.equals(ranks, that.ranks);
  }

  @Override
  public int hashCode() {
    return 31 * form.hashCode() + Arrays.hashCode(ranks);
  }

  @Override
  public String toString() {
    return isNone() ? "none" : label();
  }
}
