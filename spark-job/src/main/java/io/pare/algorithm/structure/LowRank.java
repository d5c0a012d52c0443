package io.pare.algorithm.structure;

import java.io.Serializable;

/**
 * The low-rank component B of a layer, without the numbers: its form and its ranks (algorithm.md
 * section 1).
 */
public sealed interface LowRank extends Serializable {

  /** What one group costs, bias not counted. */
  LayerCost cost(LayerShape shape, Geometry geometry);

  /** A short name for tables, such as {@code spatial(156)}; empty where there is none. */
  String label();

  /** No low-rank component. */
  record None() implements LowRank {
    @Override
    public LayerCost cost(LayerShape shape, Geometry geometry) {
      return LayerCost.ZERO;
    }

    @Override
    public String label() {
      return "";
    }
  }

  /**
   * Channel form, {@link Component.ChannelFactors}.
   *
   * @param rank at least 1
   */
  record Channel(int rank) implements LowRank {
    @Override
    public LayerCost cost(LayerShape shape, Geometry geometry) {
      return Costs.channelFactors(shape, geometry, rank);
    }

    @Override
    public String label() {
      return "channel(" + rank + ")";
    }
  }

  /**
   * Spatial form, {@link Component.SpatialFactors}.
   *
   * @param rank at least 1
   */
  record Spatial(int rank) implements LowRank {
    @Override
    public LayerCost cost(LayerShape shape, Geometry geometry) {
      return Costs.spatialFactors(shape, geometry, rank);
    }

    @Override
    public String label() {
      return "spatial(" + rank + ")";
    }
  }

  /**
   * Tucker-2 form, {@link Component.TuckerFactors}.
   *
   * @param inputRank r1, at least 1
   * @param outputRank r2, at least 1
   */
  record Tucker(int inputRank, int outputRank) implements LowRank {
    @Override
    public LayerCost cost(LayerShape shape, Geometry geometry) {
      return Costs.tuckerFactors(shape, geometry, inputRank, outputRank);
    }

    @Override
    public String label() {
      return "tucker(" + inputRank + "," + outputRank + ")";
    }
  }

  /**
   * Chain form, {@link Component.ChainFactors}.
   *
   * @param rank r, at least 1
   * @param outputRank s, at least 1
   */
  record Chain(int rank, int outputRank) implements LowRank {
    @Override
    public LayerCost cost(LayerShape shape, Geometry geometry) {
      return Costs.chainFactors(shape, geometry, rank, outputRank);
    }

    @Override
    public String label() {
      return "chain(" + rank + "," + outputRank + ")";
    }
  }
}
