package io.pare.algorithm.structure;

import java.io.Serializable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one layer group becomes, without the numbers: the sum of a low-rank and a structured sparse
 * component, or the layer as it was. The decision that a plan makes and a fit fills in.
 */
public sealed interface Structure extends Serializable {

  /** The layer stays as it was. */
  static Structure keep() {
    return new Keep();
  }

  /** A low-rank component alone. */
  static Sum of(LowRank lowRank) {
    return new Sum(lowRank, Support.NONE);
  }

  /** A structured sparse component alone. */
  static Sum of(Support support) {
    return new Sum(LowRank.NONE, support);
  }

  /** What the group costs when written in this structure, bias not counted. */
  LayerCost cost(LayerShape shape, Geometry geometry);

  /**
   * What the group costs when some of its outputs need not be computed.
   *
   * @param unread their numbers, ascending
   */
  LayerCost costWithout(int[] unread, LayerShape shape, Geometry geometry);

  /** A short name for tables: {@code keep}, {@code spatial(94)+inputs(4)}. */
  String label();

  /** Whether the layer stays as it was. */
  default boolean isKeep() {
    return this instanceof Keep;
  }

  /** The original weights. */
  record Keep() implements Structure {
    @Override
    public LayerCost cost(LayerShape shape, Geometry geometry) {
      return Costs.dense(shape, geometry);
    }

    @Override
    public LayerCost costWithout(int[] unread, LayerShape shape, Geometry geometry) {
      return unread.length == shape.outputs()
          ? LayerCost.ZERO
          : Costs.dense(shape.withOutputs(shape.outputs() - unread.length), geometry);
    }

    @Override
    public String label() {
      return "keep";
    }
  }

  /**
   * M = A + B.
   *
   * @param lowRank B
   * @param support of A
   */
  record Sum(LowRank lowRank, Support support) implements Structure {

    public Sum {
      if (lowRank.isNone() && support.isEmpty()) {
        throw new IllegalArgumentException("a sum needs at least one component");
      }
    }

    /** All weights, free to take other values. */
    public static Sum dense(LayerShape shape) {
      return new Sum(LowRank.NONE, Support.allFilters(shape));
    }

    /** Whether every weight is there, so that nothing is saved. */
    public boolean isDense(LayerShape shape) {
      return support.hasFilters() && support.size() == shape.outputs();
    }

    @Override
    public LayerCost cost(LayerShape shape, Geometry geometry) {
      LayerCost sparse = sparseCost(shape, geometry);
      if (support.hasFilters()) {
        return support.size() == shape.outputs()
            ? sparse
            : sparse.plus(lowRank.cost(withoutFilters(shape, support), geometry));
      }
      return sparse.plus(lowRank.cost(shape, geometry));
    }

    /** What A costs of the whole. */
    public LayerCost sparseCost(LayerShape shape, Geometry geometry) {
      return support.hasFilters()
          ? Costs.keptFilters(shape, geometry, support.size())
          : Costs.keptInputs(shape, geometry, support.size());
    }

    @Override
    public LayerCost costWithout(int[] unread, LayerShape shape, Geometry geometry) {
      if (unread.length == shape.outputs()) {
        return LayerCost.ZERO;
      }
      Support left = support.hasFilters() ? support.without(unread) : support;
      LayerShape rest = shape.withOutputs(shape.outputs() - unread.length);
      if (!support.hasFilters() || !left.isEmpty()) {
        return new Sum(lowRank, left).cost(rest, geometry);
      }
      return lowRank.cost(rest, geometry);
    }

    /** The shape that is left to B when filters are kept in full. */
    static LayerShape withoutFilters(LayerShape shape, Support support) {
      return shape.withOutputs(shape.outputs() - support.size());
    }

    /** Whether only the kept input channels are read. */
    public boolean readsOnlySupport() {
      return lowRank.isNone() && support.hasInputs();
    }

    /** Whether both components are there. */
    public boolean isMixed() {
      return !lowRank.isNone() && !support.isEmpty();
    }

    @Override
    public String label() {
      String sparse =
          support.isEmpty()
              ? ""
              : support.kind().name().toLowerCase(java.util.Locale.ROOT)
                  + "("
                  + support.size()
                  + ")";
      return Stream.of(lowRank.label(), sparse)
          .filter(part -> !part.isEmpty())
          .collect(Collectors.joining("+"));
    }
  }
}
